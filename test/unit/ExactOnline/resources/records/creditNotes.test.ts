import { FIRST_CLASS } from '../../../../../nodes/ExactOnline/catalogue/firstClass';
import { readEndpoint } from '../../../../../nodes/ExactOnline/catalogue/catalogue';
import {
	matchingEntries,
	newEntry,
	type NewEntry,
} from '../../../../../nodes/ExactOnline/resources/records/creditNotes';
import { createRunMemory } from '../../../../../nodes/ExactOnline/resources/common/runMemory';
import type { OperationCall } from '../../../../../nodes/ExactOnline/resources/operation';

const data = FIRST_CLASS.find(({ value }) => value === 'salesEntry')!;

const kindOf = (...lines: unknown[]) =>
	newEntry(data, { Journal: '70', SalesEntryLines: lines }, {})?.kind;

it.each([
	[[{ AmountFC: 100 }, { AmountFC: -40 }], 'entry'],
	[[{ AmountFC: '-1.234,50' }], 'credit'],
	[[{ AmountFC: 0.1 }, { AmountFC: 0.2 }, { AmountFC: -0.3 }], 'unknown'],
	[[{ AmountFC: -5 }, {}], 'credit'],
	[[{ AmountFC: 'much' }, { AmountFC: -5 }], 'unknown'],
	[['no line'], 'unknown'],
	[[], 'unknown'],
])('lines %j are of a new %s', (lines, kind) => {
	expect(kindOf(...lines)).toBe(kind);
});

it('nothing is asked of what has a type of its own', () => {
	const invoice = FIRST_CLASS.find(({ value }) => value === 'salesInvoice')!;
	expect(newEntry(invoice, { SalesInvoiceLines: [] }, {})).toBeUndefined();
});

/** Looks among an entry and its credit note, in a journal of a type. */
async function found(kind: NewEntry['kind'], journalType: number) {
	const asked: string[] = [];
	const rows = [
		{ EntryID: 'entry', Type: 20, AmountFC: 100 },
		{ EntryID: 'credit', Type: 21, AmountFC: 100 },
	];
	const pages = async function* ({ path }: { path: string }) {
		asked.push(path);
		yield await Promise.resolve(path === 'financial/Journals' ? [{ Type: journalType }] : rows);
	};
	const client = { userKey: 'user', pages };
	const call = { client, memory: createRunMemory() } as unknown as OperationCall;
	const place = { endpoint: readEndpoint(data.endpoint), data, division: 1 };
	const look = async () => await matchingEntries(call, place, 'x', { kind, journal: '70' });
	await look();
	return { ids: (await look()).map(({ EntryID }) => EntryID), asked };
}

const [entries, journals] = ['salesentry/SalesEntries', 'financial/Journals'];

it('a credit note is one whatever sign its amount has', async () => {
	expect(await found('credit', 20)).toEqual({ ids: ['credit'], asked: [entries, entries] });
});

it('an entry is none of the credit notes, but in a journal for them, which is asked for once', async () => {
	expect(await found('entry', 20)).toEqual({ ids: ['entry'], asked: [entries, journals, entries] });
	expect((await found('entry', 21)).ids).toEqual(['entry', 'credit']);
});

it('where nothing tells, both may be meant', async () => {
	expect(await found('unknown', 20)).toEqual({
		ids: ['entry', 'credit'],
		asked: [entries, entries],
	});
});
