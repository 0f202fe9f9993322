import { createHash } from 'node:crypto';
import type { IBinaryData, IDataObject } from 'n8n-workflow';
import type { RequestCondition } from '../../../simulators/shared/observedRequest';
import { operation, useNode, type NodeFixture } from '../node/support/nodeFixture';

const { start } = useNode();

const INVOICES = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';

const large = Buffer.from(Array.from({ length: 4_000_000 }, (_none, index) => index % 251));

const file = (content: Buffer): IBinaryData => ({
	data: content.toString('base64'),
	...{ mimeType: 'application/pdf', fileName: 'scan.pdf' },
});

const upload = (options: IDataObject = {}) =>
	operation('document', 'upload', {
		fileCabinetId: { __rl: true, mode: 'id', value: INVOICES },
		...{ dataMode: 'json', json: '{"COMPANY": "Peters"}', options },
	} as IDataObject);

/** Refuses one of these requests, as a limit of requests per minute does. */
function limit({ simulator }: NodeFixture, where: RequestCondition): void {
	simulator.faults.push({ kind: 'status', status: 429, headers: { 'retry-after': '1' }, where });
}

describe('a limit of requests per minute that strikes', () => {
	it.each([
		['an upload', {}, { method: 'POST', path: /\/Documents$/i }],
		['the first part of one', { partsAbove: 1 }, { method: 'POST', path: /\/Documents$/i }],
		['the last part of one', { partsAbove: 1 }, { method: 'POST', path: /ChunkedUploads/ }],
	])('%s is waited for, and the document stored once and whole', async (_name, options, where) => {
		const fixture = await start();
		limit(fixture, where);
		const { items } = await fixture.run(upload(options), {
			items: [{ binary: { data: file(large) } }],
		});
		const { faults, state } = fixture.simulator;
		expect(faults.size).toBe(0);
		expect(items[0]?.json).toMatchObject({ created: true, COMPANY: 'Peters' });
		const [document, ...others] = state.documents.all();
		expect(others).toEqual([]);
		expect(document?.sections.map(({ content }) => content.sha256)).toEqual([
			createHash('sha256').update(large).digest('hex'),
		]);
	});

	it('a search is waited for until a date, and nothing is found twice or missed', async () => {
		const fixture = await start();
		const { documents } = fixture.simulator.state;
		const ids = Array.from(
			{ length: 1_500 },
			() =>
				documents.add({
					fileCabinetId: INVOICES,
					...{ values: { COMPANY: 'Peters' }, storedBy: 'api', storedAt: 0 },
				}).id,
		);
		fixture.simulator.faults.push({
			...{ kind: 'status', status: 429 },
			headers: { 'retry-after': new Date(Date.now() + 2_000).toUTCString() },
			...{ where: { path: /Query\/DialogExpression$/i }, skip: 1 },
		});
		const { items } = await fixture.run(
			operation('document', 'search', {
				fileCabinetId: { __rl: true, mode: 'id', value: INVOICES },
				conditions: { condition: [{ field: 'COMPANY', operator: 'is', value: 'Peters' }] },
				returnAll: true,
			} as IDataObject),
		);
		expect(fixture.simulator.faults.size).toBe(0);
		expect(items.map(({ json }) => json.documentId)).toEqual(ids);
	});
});
