import { once } from 'node:events';
import { Readable } from 'node:stream';
import { operation, useNode } from '../node/support/nodeFixture';
import { codeOf, documents, INVOICES, item, locator, MB, store, upload } from './support/uploads';

const { start } = useNode();

const cabinet = { fileCabinetId: locator(INVOICES) };

describe('an execution that is cancelled', () => {
	it('in the middle of a download ends, and closes what it reads', async () => {
		const fixture = await start();
		const { documentId } = await store(fixture, upload(), {
			items: [item(Buffer.alloc(8 * MB, 'large '))],
		});
		const stop = new AbortController();
		let received = 0;
		const running = fixture.run(
			operation('document', 'download', { ...cabinet, documentId: String(documentId) }),
			{
				signal: stop.signal,
				continueOnFail: true,
				keep: async (file) => {
					for await (const chunk of file as AsyncIterable<Buffer>) {
						received += chunk.length;
						stop.abort();
					}
					return Buffer.from('all of it');
				},
			},
		);
		await expect(running).rejects.toMatchObject(codeOf('DOCUWARE_CANCELLED'));
		expect(received).toBeGreaterThan(0);
		expect(received).toBeLessThan(8 * MB);
	});

	it.each([0, 1])(
		'in the middle of an upload stores nothing, and holds nobody up (in parts above %i MB)',
		async (partsAbove) => {
			const fixture = await start();
			const stop = new AbortController();
			const options = { partsAbove };
			const parameters = upload(
				{ COMPANY: 'Peters', AMOUNT: 1 },
				{ ifExists: 'skip', matchFields: ['COMPANY', 'AMOUNT'], options },
			);
			const bytes = Buffer.alloc(8 * MB, 'large ');
			let stall = () => {};
			const stalled = new Promise<void>((resolve) => {
				stall = resolve;
			});
			const halves = async function* () {
				yield bytes.subarray(0, 4 * MB);
				stall();
				await once(stop.signal, 'abort');
				yield bytes.subarray(4 * MB);
			};
			const data = { data: 'filesystem', id: 'f1', mimeType: 'text/plain', fileName: 'a.txt' };
			const items = [{ binary: { data } }];
			const file = { bytes, noted: bytes.length };
			const running = fixture.run(parameters, {
				...{ items, signal: stop.signal, continueOnFail: true },
				files: { f1: { ...file, open: () => Readable.from(halves()) } },
			});
			await stalled;
			stop.abort();
			await expect(running).rejects.toThrow();
			expect(documents(fixture)).toEqual([]);
			expect(await store(fixture, parameters, { items, files: { f1: file } })).toMatchObject({
				created: true,
			});
			expect(documents(fixture)).toHaveLength(1);
		},
	);

	it('between two pages of a search asks for no more', async () => {
		const fixture = await start();
		fixture.simulator.addDocuments(
			INVOICES,
			Array.from({ length: 2_500 }, () => ({ COMPANY: 'Peters' })),
		);
		const stop = new AbortController();
		const route = 'FileCabinets/{fileCabinetId}/Query/DialogExpression';
		const hold = fixture.simulator.holds.hold('platform.received', { where: { tags: { route } } });
		const running = fixture.run(operation('document', 'search', { ...cabinet, returnAll: true }), {
			signal: stop.signal,
			continueOnFail: true,
		});
		const held = await hold.waiting();
		stop.abort();
		await expect(running).rejects.toMatchObject(codeOf('DOCUWARE_CANCELLED'));
		held.release();
		expect(fixture.simulator.counters.requests[`POST ${route}`]).toBe(1);
	});
});
