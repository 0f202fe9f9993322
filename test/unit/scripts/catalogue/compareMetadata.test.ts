import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareMetadata, folderOfAddress } from '../../../../scripts/catalogue/compareMetadata';
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

const folders = [
	...new Set([...source.keys()].map((path) => path.slice(0, path.lastIndexOf('/')))),
];

/** What a service answers whose endpoints are those of the catalogue. */
function metadataOf(folder: string): string {
	const endpoints = [...source].filter(([path]) => path.slice(0, path.lastIndexOf('/')) === folder);
	const nameOf = (path: string) => path.slice(folder.length + 1);
	const types = endpoints.map(([path, { keys, fields }]) => {
		const properties = Object.entries(fields).map(([name, type]) =>
			type.startsWith('Collection')
				? `<NavigationProperty Name="${name}" Relationship="None" />`
				: `<Property Name="${name}" Type="Edm.${type}" />`,
		);
		const key = keys.map((name) => `<PropertyRef Name="${name}" />`).join('');
		return `<EntityType Name="${nameOf(path)}"><Key>${key}</Key>${properties.join('')}</EntityType>`;
	});
	const sets = endpoints.map(
		([path]) => `<EntitySet Name="${nameOf(path)}" EntityType="M.${nameOf(path)}" />`,
	);
	const container = `<EntityContainer>${sets.join('')}</EntityContainer>`;
	const schema = `<Schema Namespace="M">${types.join('')}${container}</Schema>`;
	return `<Edmx><DataServices>${schema}</DataServices></Edmx>`;
}

// Red before: seven folders were compared with another one that has endpoints of the same names.
it('compares each folder with itself where it is named, as an address names it', () => {
	expect(folders.length).toBeGreaterThan(60);
	for (const folder of folders) {
		const address = `https://start.exactonline.nl/api/v1/1234567/${folder}/$metadata`;
		const { differs, lines } = compareMetadata(
			metadataOf(folder),
			source,
			folderOfAddress(address),
		);
		expect(lines).toEqual([expect.stringMatching(` endpoints of ${folder} compared, 0 diff`)]);
		expect(differs).toBe(false);
	}
});

/** What comes of it, or the message of its error. */
function toldBy(compare: () => string): string {
	try {
		return compare();
	} catch (error) {
		return (error as Error).message;
	}
}

it('guesses no folder where two have the sets, and names them', () => {
	let unclear = 0;
	for (const folder of folders) {
		const told = toldBy(() => compareMetadata(metadataOf(folder), source).lines.at(-1) ?? '');
		if (!told.includes(' compared')) unclear += 1;
		expect(told.split(/[ ,]+/)).toContain(folder);
	}
	expect(unclear).toBeGreaterThan(0);
	expect(() => compareMetadata(metadataOf('sync/Documents'), source)).toThrow(
		/bulk\/Documents.*sync\/Documents/,
	);
});

it('takes the folder in any capitals, and refuses one that the catalogue has not', () => {
	const { lines } = compareMetadata(metadataOf('sync/Documents'), source, 'Sync/documents');
	expect(lines.at(-1)).toContain('of sync/Documents compared');
	expect(() => compareMetadata(xml, source, 'nowhere')).toThrow(/has no folder nowhere/);
});

it.each([
	['https://start.exactonline.nl/api/v1/1/crm/$metadata', 'crm'],
	['https://start.exactonline.nl/api/v1/current/%24metadata', 'current'],
	['https://start.exactonline.nl/api/v1/1/read/financial/$metadata?x=1', 'read/financial'],
	['https://start.exactonline.nl/elsewhere', undefined],
	['C:/crm/$metadata', undefined],
	['metadata.xml', undefined],
])('reads the folder from an address (%s)', (address, folder) => {
	expect(folderOfAddress(address)).toBe(folder);
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
