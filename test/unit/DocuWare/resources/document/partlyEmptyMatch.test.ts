import type { IDataObject } from 'n8n-workflow';
import type { FakeAnswer } from '../support/fakeSession';
import { CABINET, locator, runDocument } from './support/runDocument';

const FIELDS: FakeAnswer = {
	body: {
		...{ Id: CABINET, Name: 'Invoices', Links: [] },
		Fields: ['INVOICEREF', 'STATUS'].map((DBFieldName, index) => ({
			...{ DBFieldName, DisplayName: ['Invoice reference', 'Status'][index] },
			...{ DWFieldType: 'Text', Scope: 'User' },
		})),
	},
};

const STORED: FakeAnswer = { body: { Id: 18, FileCabinetId: CABINET, Fields: [], Links: [] } };

/** Uploads a data record of an item without a number. */
const upload = async (parameters: IDataObject) =>
	await runDocument(
		'upload',
		[FIELDS, STORED],
		{
			...{ fileCabinetId: locator(CABINET), uploadContent: 'record' },
			...{ ifExists: 'skip', matchFields: ['INVOICEREF'] },
			...parameters,
		},
		{ items: [{ json: { company: 'Peters' } }] },
	);

const mapped = (value: IDataObject): IDataObject => ({
	dataMode: 'fields',
	indexFields: { mappingMode: 'defineBelow', value },
});
const json = (text: string): IDataObject => ({ dataMode: 'json', json: text });

const PARTLY = 'INV-{{ $json.no }}';

describe('a value to match that an expression leaves empty in part', () => {
	it.each<[string, IDataObject]>([
		['among the fields', mapped({ INVOICEREF: `=${PARTLY}` })],
		[
			'where the label is to be matched',
			{
				...mapped({ INVOICEREF: `=${PARTLY}` }),
				matchFields: ['Invoice reference'],
			},
		],
		['in a JSON', json(`={"INVOICEREF": "${PARTLY}"}`)],
		['in a JSON by its label', json(`={"Invoice Reference": "${PARTLY}"}`)],
	])(
		'%s is an error before anything is looked for: it would find another document',
		async (_where, parameters) => {
			await expect(upload(parameters)).rejects.toMatchObject({
				code: 'DOCUWARE_EMPTY_VALUE',
				message: expect.stringMatching(
					/^The expression of (INVOICEREF|Invoice Reference) gives nothing at \{\{ \$json\.no \}\}/,
				),
			});
		},
	);

	it('is stored as it is where nothing is looked for by it', async () => {
		const parameters = { ...mapped({ INVOICEREF: `=${PARTLY}` }), ifExists: 'add' };
		const { rows, sent } = await upload(parameters);
		expect(rows[0]?.json).toMatchObject({ documentId: 18, created: true });
		expect(sent).toHaveLength(2);
	});
});
