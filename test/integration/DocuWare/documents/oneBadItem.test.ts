import type { IDataObject } from 'n8n-workflow';
import { FileContent } from '../../../simulators/DocuWare/http/fileContent';
import { addSection } from '../../../simulators/DocuWare/world/documents';
import { operation, useNode, type NodeFixture } from '../node/support/nodeFixture';

const { start } = useNode();

const INVOICES = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';
const TRAY = 'b_e9f0b3c1-2d47-4e58-8b6a-1c3d5e7f9a40';

const by = (mode: string, value: string): IDataObject => ({ __rl: true, mode, value });
const cabinet = { fileCabinetId: by('id', INVOICES) };
const document = { ...cabinet, documentId: '={{ $json.x }}' };
const several = { ...cabinet, documentIds: '={{ $json.x }}' };
const fields = { dataMode: 'json', json: '={{ { AMOUNT: $json.x } }}' };
const equal = (field: string) => ({
	conditions: { condition: [{ field, operator: 'is', value: by('text', '={{ $json.x }}') }] },
});

/** An operation on items, one of which cannot be done; `good` is for the document of that place. */
interface Family {
	parameters: IDataObject;
	good: (documentId: number) => unknown;
	bad: unknown;
	code: string;
}

const ID = (documentId: number) => documentId;
const NO_DOCUMENT = 'DOCUWARE_NOT_FOUND';
const NO_ID = 'DOCUWARE_INVALID_PARAMETER';
const NO_VALUE = 'DOCUWARE_INVALID_VALUE';
const NO_NAME = 'DOCUWARE_UNKNOWN_NAME';

function family(
	resource: string,
	name: string,
	parameters: IDataObject,
	good: Family['good'],
	[bad, code]: [bad: unknown, code: string],
): [string, Family] {
	const all = operation(resource, name, parameters) as IDataObject;
	return [`${resource}: ${name}, of ${JSON.stringify(bad)}`, { parameters: all, good, bad, code }];
}

const amount = (documentId: number) => documentId * 2;

const families = [
	family('document', 'get', document, ID, [999, NO_DOCUMENT]),
	family('document', 'getText', document, ID, [999, NO_DOCUMENT]),
	family('document', 'download', document, ID, [999, NO_DOCUMENT]),
	family('document', 'getThumbnail', document, ID, ['1e3', NO_ID]),
	family('document', 'getSections', document, ID, ['null', NO_ID]),
	family('document', 'getRights', document, ID, [999, NO_DOCUMENT]),
	family('document', 'search', { ...cabinet, ...equal('AMOUNT') }, amount, ['two', NO_VALUE]),
	family('document', 'getCount', { ...cabinet, ...equal('AMOUNT') }, amount, ['1.234', NO_VALUE]),
	family('document', 'upload', { ...cabinet, ...fields, uploadContent: 'record' }, amount, [
		'1.234',
		NO_VALUE,
	]),
	family(
		'document',
		'upload',
		{ ...cabinet, ...fields, uploadContent: 'record', options: { atATime: 4 } },
		amount,
		['x', NO_VALUE],
	),
	family(
		'document',
		'upload',
		{ ...cabinet, ...fields, uploadContent: 'record', ifExists: 'skip', matchFields: ['AMOUNT'] },
		amount,
		['x', NO_VALUE],
	),
	family(
		'document',
		'updateIndexFields',
		{ ...document, dataMode: 'json', json: '{"STATUS": "seen"}' },
		ID,
		[999, NO_DOCUMENT],
	),
	family(
		'document',
		'batchUpdate',
		{ ...several, dataMode: 'json', json: '{"STATUS": "seen"}' },
		ID,
		['[]', NO_ID],
	),
	family(
		'document',
		'appendKeywords',
		{ ...several, keywordField: 'KEYWORDS', keywords: 'seen' },
		ID,
		['x', NO_ID],
	),
	family('document', 'lock', { ...document, lockMinutes: 1 }, ID, [999, NO_DOCUMENT]),
	family(
		'document',
		'transfer',
		{ ...several, sourceFileCabinetId: by('id', INVOICES), transferMode: 'copy' },
		ID,
		['0', NO_ID],
	),
	family('document', 'delete', document, ID, [999, NO_DOCUMENT]),
	family('fileCabinet', 'get', { fileCabinetId: by('name', '={{ $json.x }}') }, () => 'Invoices', [
		'Invoces',
		NO_NAME,
	]),
	family(
		'documentTray',
		'uploadToTray',
		{ fileCabinetId: by('id', TRAY), binaryPropertyNames: '={{ $json.x }}' },
		() => 'data',
		['date', 'NODE_ERROR'],
	),
	family('user', 'get', { userId: by('name', '={{ $json.x }}') }, () => 'api', ['nobody', NO_ID]),
	family('viewerLink', 'create', { ...document, encryption: 'none' }, ID, ['x', NO_ID]),
	family(
		'customApiCall',
		'call',
		{ method: 'GET', path: `=FileCabinets/${INVOICES}/Documents/{{ $json.x }}` },
		ID,
		[999, NO_DOCUMENT],
	),
];

/** Nine documents with a file. */
function store({ simulator }: NodeFixture): number[] {
	const { first, last } = simulator.addDocuments(
		INVOICES,
		Array.from({ length: 9 }, (_none, index) => ({ COMPANY: 'Peters', AMOUNT: (index + 1) * 2 })),
	);
	for (const stored of simulator.state.documents.inCabinet(INVOICES)) {
		const content = FileContent.of(Buffer.from('%PDF-1.7 text'));
		addSection(stored, { name: 'a.pdf', contentType: 'application/pdf', content }, 0);
	}
	return Array.from({ length: last - first + 1 }, (_none, index) => first + index);
}

it.each(families)(
	'one bad item of ten fails for itself with Continue On Fail: %s',
	async (_name, { parameters, good, bad, code }) => {
		const fixture = await start();
		const values = store(fixture).map(good);
		const data = Buffer.from('content').toString('base64');
		const binary = { data: { data, mimeType: 'text/plain', fileName: 'a.txt' } };
		for (const place of [0, 4]) {
			const all = [...values.slice(0, place), bad, ...values.slice(place)];
			const { items } = await fixture.run(parameters, {
				items: all.map((x) => ({ json: { x } as IDataObject, binary })),
				continueOnFail: true,
			});
			const failed = items.filter(({ json }) => json.error !== undefined);
			expect(failed.map(({ json, pairedItem }) => [pairedItem, json.error])).toEqual([
				[{ item: place }, expect.objectContaining(code === 'NODE_ERROR' ? {} : { code })],
			]);
			const paired = items.map(({ pairedItem }) => (pairedItem as { item: number }).item);
			expect(paired).toEqual([...all.keys()]);
			if (parameters.operation === 'delete') return;
		}
	},
);
