import { PlatformClient } from '../../../../nodes/DocuWare/api/platformClient';
import { CabinetFacts } from '../../../../nodes/DocuWare/api/cabinetFacts';
import { RunMemory } from '../../../../nodes/DocuWare/api/runMemory';
import { createDocuWareSession } from '../../../../nodes/DocuWare/auth/nodeSession';
import {
	findDocuments,
	readMatch,
	underMatchLease,
} from '../../../../nodes/DocuWare/resources/document/findDocuments';
import type { OperationCall } from '../../../../nodes/DocuWare/resources/operation';
import type { IndexValues } from '../../../simulators/DocuWare/world/documents';
import { executeContext } from '../../../support/n8nContext';
import { useNode, type NodeFixture } from '../node/support/nodeFixture';

const { start } = useNode();

const INVOICES = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';

async function callOf({ credential }: NodeFixture): Promise<OperationCall> {
	const { context } = executeContext({
		credentials: credential(),
		parameters: { authentication: 'userPassword' },
	});
	const session = await createDocuWareSession(context, 0, { credentialType: 'docuWareApi' });
	const client = new PlatformClient(session);
	const memory = new RunMemory();
	const facts = new CabinetFacts(client, memory, undefined);
	const signal = undefined;
	return { context, itemIndex: 0, signal, session, client, memory, facts, releaseLater: () => {} };
}

function seed({ simulator }: NodeFixture, ...values: IndexValues[]): number[] {
	const { documents } = simulator.state;
	return values.map(
		(one) =>
			documents.add({ fileCabinetId: INVOICES, values: one, storedBy: 'api', storedAt: 0 }).id,
	);
}

describe('an existing document', () => {
	it('is found by the values of several fields, all of which have to fit', async () => {
		const fixture = await start();
		const [first] = seed(
			fixture,
			{ COMPANY: 'Peters', INVOICENO: 7, KEYWORDS: ['paid', 'urgent'] },
			{ COMPANY: 'Peters', INVOICENO: 8 },
		);
		const call = await callOf(fixture);
		const found = async (values: Record<string, unknown>) => {
			const match = await readMatch(call, INVOICES, values);
			return (await findDocuments(call, match)).map(({ Id }) => Id);
		};
		expect(await found({ COMPANY: 'Peters', 'Invoice number': '7' })).toEqual([first]);
		expect(await found({ COMPANY: 'Peters' })).toHaveLength(2);
		expect(await found({ COMPANY: 'Peter' })).toEqual([]);
		expect(await found({ COMPANY: '*' })).toEqual([]);
		expect(await found({ KEYWORDS: ['urgent', 'paid'] })).toEqual([first]);
		expect(await found({ KEYWORDS: ['urgent', 'open'] })).toEqual([]);
	});

	it('has the very keywords that are wanted, and none beyond them', async () => {
		const fixture = await start();
		const [more, , same] = seed(
			fixture,
			{ COMPANY: 'Peters', KEYWORDS: ['paid', 'urgent'] },
			{ COMPANY: 'Peters', KEYWORDS: ['urgent'] },
			{ COMPANY: 'Peters', KEYWORDS: ['Paid'] },
		);
		const call = await callOf(fixture);
		const found = async (KEYWORDS: unknown) => {
			const match = await readMatch(call, INVOICES, { COMPANY: 'Peters', KEYWORDS });
			return (await findDocuments(call, match, 10)).map(({ Id }) => Id);
		};
		expect(await found(['paid'])).toEqual([same]);
		expect(await found('paid')).toEqual([same]);
		expect(await found(['paid', 'urgent', 'paid'])).toEqual([more]);
	});

	it('is never found by an empty value, or by none', async () => {
		const fixture = await start();
		seed(fixture, { COMPANY: 'Peters' });
		const call = await callOf(fixture);
		for (const empty of ['', ' ', null, undefined, [], [null]]) {
			await expect(readMatch(call, INVOICES, { COMPANY: empty })).rejects.toMatchObject({
				code: 'DOCUWARE_INVALID_VALUE',
				message: expect.stringContaining('COMPANY'),
			});
		}
		await expect(readMatch(call, INVOICES, {})).rejects.toMatchObject({
			code: 'DOCUWARE_INVALID_PARAMETER',
		});
		await expect(readMatch(call, INVOICES, { POSITIONS: 'a' })).rejects.toMatchObject({
			code: 'DOCUWARE_INVALID_VALUE',
		});
	});

	it('is told from others that a search finds as well', async () => {
		const fixture = await start();
		const [, second] = seed(
			fixture,
			{ COMPANY: 'A-AND-"B"' },
			{ COMPANY: 'A AND "B"' },
			{ COMPANY: 'A+AND+"B"' },
		);
		const call = await callOf(fixture);
		const match = await readMatch(call, INVOICES, { COMPANY: 'a and "B"'.toUpperCase() });
		expect((await findDocuments(call, match)).map(({ Id }) => Id)).toEqual([second]);
	});

	// Red before: the service may drop the blanks around a text, or keep them, and a second copy was stored.
	it.each([' Peters', 'Peters ', 'Peters\n', 'Peters'])(
		'is the same whether %j was stored with the blanks around it, or without',
		async (COMPANY) => {
			const fixture = await start();
			const [first] = seed(
				fixture,
				{ COMPANY },
				{ COMPANY: 'Peters & Co' },
				{ COMPANY: 'St. Peters' },
			);
			const call = await callOf(fixture);
			const match = await readMatch(call, INVOICES, { COMPANY: ' Peters ' });
			expect((await findDocuments(call, match)).map(({ Id }) => Id)).toEqual([first]);
			const plain = await readMatch(call, INVOICES, { COMPANY: 'peters' });
			expect(match.subject).toBe(plain.subject);
		},
	);

	it('is looked for by one worker at a time, however the values are written', async () => {
		const fixture = await start();
		const call = await callOf(fixture);
		const one = await readMatch(call, INVOICES, { COMPANY: 'Peters', INVOICENO: 7 });
		const other = await readMatch(call, INVOICES, { 'Invoice number': '7', Company: 'PETERS' });
		let stored = 0;
		const storeOnce = async (match: typeof one) =>
			await underMatchLease(call, match, async () => {
				const found = await findDocuments(call, match);
				if (found.length > 0) return;
				seed(fixture, { COMPANY: 'Peters', INVOICENO: 7 });
				stored += 1;
			});
		await Promise.all([one, other, one, other].map(storeOnce));
		expect(stored).toBe(1);
	});
});
