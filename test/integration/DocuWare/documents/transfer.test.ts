import { operation, useNode } from '../node/support/nodeFixture';
import { read, stored, TRAY } from './support/actions';
import { codeOf, INVOICES, locator } from './support/uploads';

const { start } = useNode();

describe('documents', () => {
	it('whose transfer has no answer are in doubt, and copied once', async () => {
		const fixture = await start();
		const number = await stored(fixture);
		fixture.simulator.faults.push({ kind: 'lostAnswer', where: { method: 'POST' } });
		const copy = operation('document', 'transfer', {
			sourceFileCabinetId: locator(INVOICES),
			fileCabinetId: locator(INVOICES),
			documentIds: number,
		});
		await expect(fixture.run(copy)).rejects.toMatchObject(codeOf('DOCUWARE_WRITE_UNCONFIRMED'));
		expect(fixture.simulator.state.documents.inCabinet(INVOICES)).toHaveLength(2);
	});

	it('are moved from a tray to a cabinet and copied within it, with index fields of the target', async () => {
		const fixture = await start();
		const { run } = fixture;
		const [one, other] = [await stored(fixture, TRAY), await stored(fixture, TRAY)];
		const moved = await run(
			operation('document', 'transfer', {
				sourceFileCabinetId: locator(TRAY),
				fileCabinetId: locator(INVOICES),
				documentIds: [one, other],
				transferMode: 'move',
				setIndexFields: true,
				dataMode: 'json',
				json: '{"Company": "Peters", "AMOUNT": "1.234,50"}',
			}),
		);
		expect(moved.items.map(({ json }) => [json.COMPANY, json.AMOUNT])).toEqual([
			['Peters', 1234.5],
			['Peters', 1234.5],
		]);
		await expect(read(fixture, one, TRAY)).rejects.toMatchObject(codeOf('DOCUWARE_NOT_FOUND'));
		const [first] = moved.items.map(({ json }) => json.documentId);
		const copied = await run(
			operation('document', 'transfer', {
				sourceFileCabinetId: locator(INVOICES),
				fileCabinetId: locator(INVOICES),
				documentIds: String(first),
				setIndexFields: true,
				dataMode: 'json',
				json: '{"DOCTYPE": "Copy"}',
			}),
		);
		expect(copied.items[0]?.json).toMatchObject({
			COMPANY: 'Peters',
			AMOUNT: 1234.5,
			DOCTYPE: 'Copy',
		});
		expect(copied.items[0]?.json.documentId).not.toBe(first);
		expect(await read(fixture, first)).toMatchObject({ COMPANY: 'Peters', DOCTYPE: null });
	});

	it('are copied and moved from a cabinet into a tray, each with its file', async () => {
		const fixture = await start();
		const { run, simulator } = fixture;
		const [one, other] = [await stored(fixture, INVOICES, 'one'), await stored(fixture)];
		const into = async (documentIds: number, transferMode: string) => {
			const { items } = await run(
				operation('document', 'transfer', {
					sourceFileCabinetId: locator(INVOICES),
					fileCabinetId: locator(TRAY),
					...{ documentIds, transferMode },
				}),
			);
			return items.map(({ json }) => json);
		};
		const [copy, ...noOther] = await into(one, 'copy');
		expect(noOther).toEqual([]);
		expect(copy).toMatchObject({ fileCabinetId: TRAY, title: 'scan.txt', fileSize: 3 });
		expect(await read(fixture, one)).toMatchObject({ fileCabinetId: INVOICES });
		const [moved] = await into(other, 'move');
		expect(moved).toMatchObject({ fileCabinetId: TRAY, title: 'scan.txt', fileSize: 15 });
		await expect(read(fixture, other)).rejects.toMatchObject(codeOf('DOCUWARE_NOT_FOUND'));
		const { documents } = simulator.state;
		expect(documents.inCabinet(INVOICES).map((document) => document.id)).toEqual([one]);
		const inTray = documents.inCabinet(TRAY);
		expect(inTray.map((document) => document.id)).toEqual([copy?.documentId, moved?.documentId]);
		const texts = inTray.map(({ sections }) => sections[0]?.content.bytes().toString());
		expect(texts).toEqual(['one', 'Company: Peters']);
	});
});
