import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareMetadata } from '../../../../scripts/catalogue/compareMetadata';
import { readMetadata } from '../../../../scripts/catalogue/metadata';
import { readSource } from '../../../../scripts/catalogue/source';

const source = readSource();

/** In the shape of a live answer, with the fields of the catalogue. */
const xml = readFileSync(join(__dirname, 'generalJournalEntry.edmx.xml'), 'utf8');

function compared(from: string, to: string): string[] {
	expect(xml).toContain(from);
	return compareMetadata(xml.replace(from, to), source).lines;
}

it('reads sets, keys, properties and where collections lead', () => {
	const sets = readMetadata(xml);
	expect([...sets.keys()]).toEqual(['GeneralJournalEntries', 'GeneralJournalEntryLines']);
	const header = sets.get('GeneralJournalEntries');
	expect(header?.keys).toEqual(['EntryID']);
	expect(header?.properties.get('EntryNumber')).toBe('Edm.Int32');
	expect(header?.navigation.get('GeneralJournalEntryLines')).toBe('GeneralJournalEntryLines');
});

it('finds nothing where all is as in the catalogue', () => {
	expect(compareMetadata(xml, source)).toEqual({
		differs: false,
		lines: ['2 endpoints of generaljournalentry compared, 0 differences.'],
	});
});

it.each([
	[
		'another type',
		'Name="EntryNumber" Type="Edm.Int32"',
		'Name="EntryNumber" Type="Edm.Int64"',
		'GeneralJournalEntries: EntryNumber is Int32, in the metadata Edm.Int64',
	],
	[
		'a field more and one less',
		'Name="EntryNumber"',
		'Name="EntryNo"',
		'GeneralJournalEntries: EntryNumber is not in the metadata',
	],
	[
		'another key',
		'<PropertyRef Name="EntryID" />',
		'<PropertyRef Name="ID" />',
		'GeneralJournalEntries: key EntryID, in the metadata ID',
	],
	[
		'an entity set more',
		'<EntitySet Name="GeneralJournalEntries"',
		'<EntitySet Name="Extra" EntityType="None" /><EntitySet Name="GeneralJournalEntries"',
		'Extra: not in the catalogue',
	],
	[
		'an entity set less',
		'<EntitySet Name="GeneralJournalEntryLines" EntityType="Exact.Web.Api.Models.GeneralJournalEntryLine" />',
		'',
		'GeneralJournalEntryLines: not in the metadata',
	],
	[
		'a collection that leads elsewhere',
		'<End Role="GeneralJournalEntryLines" Type="Exact.Web.Api.Models.GeneralJournalEntryLine"',
		'<End Role="GeneralJournalEntryLines" Type="Exact.Web.Api.Models.GeneralJournalEntry"',
		'it leads to GeneralJournalEntries',
	],
])('finds %s', (_what, from, to, line) => {
	const lines = compared(from, to);
	expect(lines.join('\n')).toContain(line);
	expect(lines.length).toBeLessThan(5);
});

it.each([
	['nothing', ''],
	['no XML', '{"d":[]}'],
	['other XML', '<html><body/></html>'],
	['a damaged file', xml.slice(0, 2000)],
	['a service that nobody knows', xml.replace(/EntitySet Name="(\w+)"/g, 'EntitySet Name="X$1"')],
])('refuses %s', (_what, text) => {
	expect(() => compareMetadata(text, source)).toThrow();
});
