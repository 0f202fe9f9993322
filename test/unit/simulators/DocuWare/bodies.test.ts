import { createHash, randomBytes } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { Readable } from 'node:stream';

import type { DocuWareSimulator } from '../../../simulators/DocuWare/docuWareSimulator';
import { callPlatform, cookiesOf, logOn } from './platformClient';
import { useSimulator } from './useSimulator';

const { start } = useSimulator();
const path = 'FileCabinets/a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10/Documents';

/** Uploads `chunks` as one raw file; the status, or what broke. */
async function upload(
	simulator: DocuWareSimulator,
	cookie: string,
	chunks: Iterable<Buffer>,
	size?: number,
): Promise<number | string> {
	return await new Promise((resolve) => {
		const request = httpRequest(
			`${simulator.url}/DocuWare/Platform/${path}`,
			{
				method: 'POST',
				headers: {
					accept: 'application/json',
					cookie,
					'content-type': 'application/pdf',
					'content-disposition': 'file; filename="a.pdf"',
					...(size === undefined ? {} : { 'content-length': size }),
				},
			},
			(response) => {
				response.resume();
				response.once('end', () => resolve(response.statusCode ?? 0));
				response.once('error', (error) => resolve(error.message));
			},
		);
		request.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
		Readable.from(chunks).pipe(request);
	});
}

describe('large bodies', () => {
	it('pass through with their hash alone', async () => {
		const simulator = await start({ keptFileBytes: 1_000_000 });
		const cookie = cookiesOf(await logOn(simulator));
		const block = randomBytes(1_000_000);
		const hash = createHash('sha256');
		function* chunks(): Generator<Buffer> {
			for (let count = 0; count < 64; count += 1) {
				hash.update(block);
				yield block;
			}
		}
		expect(await upload(simulator, cookie, chunks())).toBe(200);
		expect(
			await (await callPlatform(simulator, 'GET', `${path}/1`, { headers: { cookie } })).json(),
		).toMatchObject({ FileSize: 64_000_000 });
	});

	it.each([
		['drained', [413]],
		['closed', [413, 'EPIPE', 'ECONNRESET']],
	] as const)('are refused above the limit; earlyRefusal %s', async (earlyRefusal, outcomes) => {
		const simulator = await start({ maxRequestBytes: 1000, earlyRefusal });
		const cookie = cookiesOf(await logOn(simulator));
		const chunks = [Buffer.alloc(900), Buffer.alloc(900_000)];
		expect(outcomes).toContain(await upload(simulator, cookie, chunks, 900_900));
		expect(outcomes).toContain(await upload(simulator, cookie, chunks));
		expect(simulator.state.documents.all()).toEqual([]);
		expect(await upload(simulator, cookie, [Buffer.alloc(900)])).toBe(200);
	});

	it('are cut by a fault, and nothing is stored', async () => {
		const simulator = await start();
		const cookie = cookiesOf(await logOn(simulator));
		simulator.faults.push({ kind: 'cutUpload', afterBytes: 1000 });
		expect(['ECONNRESET', 'EPIPE']).toContain(
			await upload(simulator, cookie, [Buffer.alloc(500_000), Buffer.alloc(500_000)]),
		);
		expect(simulator.faults.size).toBe(0);
		expect(simulator.state.documents.all()).toEqual([]);
	});

	it.each([
		['afterBody', 401],
		['beforeBody', 200],
	] as const)('and a session revoked half-way, looked at %s: %d', async (when, status) => {
		const simulator = await start({ uploadAuthentication: when });
		const cookie = cookiesOf(await logOn(simulator));
		const hold = simulator.holds.hold('platform.receiving', { where: { method: 'POST' } });
		const answer = upload(simulator, cookie, [Buffer.alloc(600_000), Buffer.alloc(400_000)], 1e6);
		await hold.waiting();
		expect(simulator.revokeSessions()).toBe(1);
		hold.release();
		expect(await answer).toBe(status);
		expect(await upload(simulator, cookie, [Buffer.alloc(9)])).toBe(401);
	});
});
