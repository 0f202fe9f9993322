'use strict';

/**
 * Loaded into the workers of the fleet before n8n. Each call of Exact Online tells in its user agent which worker
 * has made it and when, by the clock of the machine: what arrives is later than what was started, on a busy
 * machine by much. And the clock that n8n sees can be put forward or back while it runs, as a host's clock is that
 * was wrong: by so many milliseconds as the file `clockShift` in the user folder says at SIGUSR2.
 */

const { subscribe } = require('node:diagnostics_channel');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const RealDate = Date;
const realNow = Date.now.bind(Date);
let shift = 0;

const now = () => realNow() + shift;

globalThis.Date = new Proxy(RealDate, {
	construct: (target, values, newTarget) =>
		Reflect.construct(
			target,
			values.length === 0 ? [now()] : values,
			newTarget === Date ? target : newTarget,
		),
	// Called without `new` it gives a text.
	apply: () => new RealDate(now()).toString(),
	get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
});

process.on('SIGUSR2', () => {
	shift = Number(readFileSync(join(process.env.N8N_USER_FOLDER, 'clockShift'), 'utf8'));
	process.stdout.write(`The clock is off by ${shift} ms\n`);
});

subscribe('http.client.request.created', ({ request }) => {
	if (!request.path.startsWith('/api/')) return;
	const own = request.getHeader('user-agent') ?? '';
	request.setHeader('user-agent', `${own} ${process.env.FLEET_WORKER} started/${realNow()}`);
});
