import type { IBinaryData } from 'n8n-workflow';
import { operation, useNode } from '../node/support/nodeFixture';
import { action, PERSONNEL, stored, storedWithVersions } from './support/actions';
import { codeOf } from './support/uploads';

const { start } = useNode();

describe('a document with versions', () => {
	it('is checked out, changed and checked in by the name of its file', async () => {
		// A server that reads the plain form of a name in a header alone stores ASCII.
		const fixture = await start({ uploadFileNames: 'both' });
		const { run } = fixture;
		const number = await storedWithVersions(fixture, 'first', 'Vertrag ä.txt');
		const out = await run(action('checkOut', number, {}, PERSONNEL));
		const name = `${number}+${PERSONNEL}+Vertrag ä.txt`;
		expect(out.items[0]?.json).toMatchObject({ checkedOut: true, fileName: name });
		expect(out.items[0]?.binary?.data?.fileName).toBe(name);
		await expect(run(action('checkOut', number, {}, PERSONNEL))).rejects.toMatchObject(
			codeOf('DOCUWARE_LOCKED'),
		);
		const changed = {
			...out.items[0]?.binary?.data,
			data: Buffer.from('second').toString('base64'),
		};
		const checkIn = operation('document', 'checkIn', {
			...{ options: { comment: 'Neue Fassung' }, output: 'selected' },
		});
		const settings = { items: [{ binary: { data: changed as IBinaryData } }] };
		const { items } = await run(checkIn, settings);
		expect(items[0]?.json).toMatchObject({ fileCabinetId: PERSONNEL, fileSize: 6 });
		const back = Number(items[0]?.json.documentId);
		const versions = await run(action('getHistory', back, { history: 'versions' }, PERSONNEL));
		expect(versions.items.map(({ json }) => json.version)).toEqual(['1.0', '1.1']);
		await expect(run(checkIn, settings)).rejects.toMatchObject(codeOf('DOCUWARE_NOT_CHECKED_OUT'));
	});

	it('is given back unchanged', async () => {
		const fixture = await start();
		const { run } = fixture;
		const number = await storedWithVersions(fixture);
		await run(action('checkOut', number, {}, PERSONNEL));
		await run(action('undoCheckOut', number, {}, PERSONNEL));
		await expect(run(action('undoCheckOut', number, {}, PERSONNEL))).rejects.toMatchObject(
			codeOf('DOCUWARE_NOT_CHECKED_OUT'),
		);
		await run(action('checkOut', number, {}, PERSONNEL));
	});

	it('is said to be checked out where its file is cut off, and can be given back', async () => {
		const fixture = await start();
		const { run, simulator } = fixture;
		const number = await storedWithVersions(fixture, 'content '.repeat(1_000));
		simulator.faults.push({ kind: 'truncatedBody', where: { method: 'POST' } });
		await expect(run(action('checkOut', number, {}, PERSONNEL))).rejects.toMatchObject(
			codeOf('DOCUWARE_CHECK_OUT_UNFINISHED'),
		);
		expect(simulator.faults.size).toBe(0);
		await run(action('undoCheckOut', number, {}, PERSONNEL));
	});

	it('is checked in over a session that was ended meanwhile, once', async () => {
		const fixture = await start();
		const { run, simulator } = fixture;
		const number = await storedWithVersions(fixture);
		const out = await run(action('checkOut', number, {}, PERSONNEL));
		const hold = simulator.holds.hold('platform.received', {
			where: { method: 'POST' },
			times: 1,
		});
		const items = [{ binary: out.items[0]?.binary ?? {} }];
		const running = run(operation('document', 'checkIn'), { items });
		await hold.waiting();
		simulator.revokeSessions();
		hold.release();
		expect((await running).items[0]?.json).toMatchObject({ documentId: number });
		const versions = await run(action('getHistory', number, { history: 'versions' }, PERSONNEL));
		expect(versions.items).toHaveLength(2);
		expect(simulator.counters.logOns).toEqual({ password: 2, token: 0 });
	});

	it('needs a cabinet that keeps them, and the error says so', async () => {
		const fixture = await start();
		const number = await stored(fixture);
		await expect(fixture.run(action('checkOut', number))).rejects.toMatchObject(
			codeOf('DOCUWARE_NO_VERSION_MANAGEMENT'),
		);
		await expect(
			fixture.run(action('getHistory', number, { history: 'versions' })),
		).rejects.toMatchObject(codeOf('DOCUWARE_NOT_OFFERED'));
	});

	it('has its file fetched by the link where a check-out answers with links', async () => {
		const fixture = await start({ checkOutAnswer: 'links' });
		const number = await storedWithVersions(fixture, 'content');
		const { items } = await fixture.run(action('checkOut', number, {}, PERSONNEL));
		const data = Buffer.from(items[0]?.binary?.data?.data ?? '', 'base64').toString();
		expect(data).toBe('content');
		expect(items[0]?.json.fileName).toBe(`${number}+${PERSONNEL}+scan.txt`);
	});
});
