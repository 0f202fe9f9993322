/**
 * Each call of Exact Online tells in its user agent when it was started, since what arrives is later than that, on a busy
 * machine by much; and how long its process had stood still in the second before, because it was given no core.
 */
import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';

import { StandstillMeter } from './standstillMeter';

const meter = new StandstillMeter();

subscribe('http.client.request.created', (message) => {
	const { request } = message as { request: ClientRequest };
	if (!request.path.startsWith('/api/v1/')) return;
	const own = request.getHeader('user-agent');
	const stood = Math.round(meter.lastSecondMs());
	request.setHeader('user-agent', `${String(own ?? '')} started/${Date.now()} stood/${stood}`);
});
