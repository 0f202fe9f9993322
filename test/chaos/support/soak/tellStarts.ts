/**
 * Each call of Exact Online tells in its user agent when it was started: what arrives is later than that, on a busy
 * machine by much.
 */
import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';

subscribe('http.client.request.created', (message) => {
	const { request } = message as { request: ClientRequest };
	if (!request.path.startsWith('/api/v1/')) return;
	const own = request.getHeader('user-agent');
	request.setHeader('user-agent', `${String(own ?? '')} started/${Date.now()}`);
});
