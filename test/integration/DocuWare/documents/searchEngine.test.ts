import type { IDataObject } from 'n8n-workflow';
import { DocuWare } from '../../../../nodes/DocuWare/DocuWare.node';
import type { IndexValues } from '../../../simulators/DocuWare/world/documents';
import { N8nEngine, type EngineRun } from '../../../support/n8nEngine';
import { API_USER, operation, useNode, type NodeFixture } from '../node/support/nodeFixture';

const { start } = useNode();

const INVOICES = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';
const HERE = { fileCabinetId: { __rl: true, mode: 'id', value: INVOICES } };

const engine = new N8nEngine(new DocuWare());
afterAll(() => engine.dispose());

async function run(
	{ simulator }: NodeFixture,
	parameters: IDataObject,
	more: Partial<EngineRun> = {},
) {
	const data = { platformUrl: simulator.url, ...API_USER, licenceWaitSeconds: 0 };
	const [output = []] = await engine.run({
		credentials: { docuWareApi: { id: 'credential-1', data } },
		parameters,
		...more,
	});
	return output;
}

function seed({ simulator }: NodeFixture, fileCabinetId: string, ...values: IndexValues[]) {
	const { documents } = simulator.state;
	return values.map((one) =>
		documents.add({ fileCabinetId, values: one, storedBy: 'api', storedAt: 0 }),
	);
}

describe("searches in n8n's engine", () => {
	it('take expressions of each item, and dates of Luxon', async () => {
		const fixture = await start();
		const day = (text: string) => Date.parse(`${text}T00:00:00Z`);
		const [first, second] = seed(
			fixture,
			INVOICES,
			{ COMPANY: 'Peters (UK)', INVOICEDATE: day('2026-04-07') },
			{ COMPANY: 'Miller "AND" Son', INVOICEDATE: day('2026-04-08') },
		);
		const condition = [
			{ field: 'COMPANY', operator: 'is', value: '={{ $json.company }}' },
			{
				...{
					field: 'INVOICEDATE',
					operator: 'between',
					value: '={{ DateTime.fromISO($json.from) }}',
				},
				valueTo: '={{ $json.to }}',
			},
		];
		const output = await run(
			fixture,
			operation('document', 'search', { ...HERE, conditions: { condition } } as never),
			{
				timeZone: 'Europe/Berlin',
				items: [
					{ json: { company: 'Peters (UK)', from: '2026-04-07T00:00:00+02:00', to: '2026-04-07' } },
					{ json: { company: 'Miller "AND" Son', from: '2026-04-01', to: '2026-04-30' } },
				],
			},
		);
		expect(output.map(({ json, pairedItem }) => [json.documentId, pairedItem])).toEqual([
			[first?.id, { item: 0 }],
			[second?.id, { item: 1 }],
		]);
	});

	it('never find everything where an expression gives nothing', async () => {
		const fixture = await start();
		seed(fixture, INVOICES, { COMPANY: 'Peters' });
		for (const value of ['={{ $json.nothing }}', '=Pet{{ $json.nothing }}', '={{ "" }}']) {
			const condition = [{ field: 'COMPANY', operator: 'startsWith', value }];
			for (const name of ['search', 'getCount']) {
				await expect(
					run(
						fixture,
						operation('document', name, { ...HERE, conditions: { condition } } as never),
					),
				).rejects.toMatchObject({
					message: expect.stringMatching(/Value.*\[DOCUWARE_EMPTY_VALUE\]/s),
				});
			}
		}
		await expect(
			run(
				fixture,
				operation('document', 'search', {
					...HERE,
					...{
						conditionsAs: 'json',
						conditionsJson: '=[{"field":"COMPANY","value":{{ $json.no }}}]',
					},
				}),
			),
		).rejects.toMatchObject({ message: expect.stringContaining('[DOCUWARE_EMPTY_VALUE]') });
		const { requests } = fixture.simulator.counters;
		expect(Object.keys(requests).filter((name) => name.includes('/Query/'))).toEqual([]);
	});

	it('sort by fields that the chosen dialog does not show, through its own link', async () => {
		const fixture = await start();
		const [first, second] = seed(
			fixture,
			INVOICES,
			{ COMPANY: 'Peters', AMOUNT: 1 },
			{ COMPANY: 'Peters', AMOUNT: 2 },
		);
		const output = await run(
			fixture,
			operation('document', 'search', {
				...HERE,
				dialogId: { __rl: true, mode: 'name', value: 'Search by company' },
				conditions: { condition: [{ field: 'Supplier', operator: 'is', value: 'Peters' }] },
				sort: { fields: [{ field: 'AMOUNT', direction: 'Desc' }] },
			} as never),
		);
		expect(output.map(({ json }) => json.documentId)).toEqual([second?.id, first?.id]);
	});

	it('read several file cabinets at once, in which numbers of documents are the same', async () => {
		const fixture = await start();
		const { world } = fixture.simulator;
		const invoices = world.fileCabinets.find(({ id }) => id === INVOICES);
		const other = INVOICES.replace(/^a1/, 'b1');
		if (invoices)
			world.fileCabinets.push({ ...invoices, id: other, name: 'Invoices of last year' });
		for (const id of [INVOICES, other]) {
			seed(fixture, id, ...Array.from({ length: 1_250 }, () => ({ COMPANY: 'Peters' })));
		}
		const output = await run(
			fixture,
			operation('document', 'search', {
				...HERE,
				...{ returnAll: true, output: 'selected', fieldsToReturn: ['fileCabinetId'] },
				options: { additionalCabinets: ['Invoices of last year'] },
			} as never),
		);
		const found = output.map(
			({ json }) => `${String(json.fileCabinetId)} ${String(json.documentId)}`,
		);
		expect(found).toHaveLength(2_500);
		expect(new Set(found).size).toBe(2_500);
	});

	it('go on with the other items after one that fails', async () => {
		const fixture = await start();
		seed(fixture, INVOICES, { INVOICENO: 7 });
		const condition = [{ field: 'INVOICENO', operator: 'is', value: '={{ $json.number }}' }];
		const output = await run(
			fixture,
			operation('document', 'getCount', { ...HERE, conditions: { condition } } as never),
			{ items: [{ json: { number: 'seven' } }, { json: { number: 7 } }], continueOnFail: true },
		);
		expect(output[0]?.json.error).toMatchObject({ code: 'DOCUWARE_INVALID_VALUE' });
		expect(output[1]?.json).toMatchObject({ count: 1 });
	});

	it('read trays, and the trash bin into which documents go and from which they come', async () => {
		const fixture = await start();
		const [tray] = await run(fixture, operation('documentTray', 'getAll', { limit: 1 }));
		const trayId = String(tray?.json.Id);
		seed(fixture, trayId, {}, {});
		const inTray = await run(
			fixture,
			operation('documentTray', 'getDocuments', {
				fileCabinetId: { __rl: true, mode: 'id', value: trayId },
			}),
		);
		expect(inTray.map(({ json }) => json.documentId)).toEqual([1, 2]);
		const [document] = seed(fixture, INVOICES, { COMPANY: 'Peters' });
		const documentId = String(document?.id);
		await run(fixture, operation('document', 'delete', { ...HERE, documentId } as never));
		const trashed = await run(fixture, operation('trashBin', 'search'));
		expect(trashed).toHaveLength(1);
		const [restored] = await run(
			fixture,
			operation('trashBin', 'restore', { trashBinIds: '={{ $json.trashBinId }}' }),
			{ items: [{ json: trashed[0]?.json ?? {} }] },
		);
		expect(restored?.json).toMatchObject({ restored: true });
		const [again] = await run(
			fixture,
			operation('document', 'get', { ...HERE, documentId } as never),
		);
		expect(again?.json).toMatchObject({ COMPANY: 'Peters' });
	});
});
