import type { IDataObject } from 'n8n-workflow';
import type { FakeAnswer } from '../support/fakeSession';
import { FakeSession } from '../support/fakeSession';
import { runOperation } from '../support/runOperation';
import {
	at,
	CABINET,
	CABINET_READ,
	DOCUMENT,
	locator,
	ofDocument,
	place,
	runDocument as run,
} from './support/runDocument';

const APPROVED = {
	Id: 'stamp-1',
	Name: 'APPROVED',
	DisplayName: 'Approved',
	PasswordProtected: false,
	Signature: 'No',
	FormField: [
		{ Name: '<#1>', Label: 'Amount', Length: 0, Precision: 2, NotEmpty: true },
		{ Name: '<#2>', Label: 'Comment', Length: 5 },
		{ Name: '<#3>', Label: 'Paid on' },
	],
};
const SECRET = { Id: 'stamp-2', Name: 'Secret', PasswordProtected: true };
const STAMPS: FakeAnswer = { body: { Stamp: [APPROVED, SECRET] } };
const READ: FakeAnswer[] = [DOCUMENT, CABINET_READ, STAMPS];

function fields(...field: IDataObject[]): IDataObject {
	return { ...ofDocument, stampId: locator('Approved', 'name'), stampFields: { field } };
}

const amount = { name: 'amount', type: 'Decimal', value: '1.234,50' };

describe('Stamp: Get Many', () => {
	async function stamps(parameters: IDataObject = {}) {
		const session = new FakeSession([CABINET_READ, STAMPS]);
		const { rows } = await runOperation(session, {
			parameters: {
				resource: 'stamp',
				operation: 'getAll',
				fileCabinetId: locator(CABINET),
				...parameters,
			},
		});
		return { rows, session };
	}

	it('tells what each asks for', async () => {
		const { rows, session } = await stamps();
		expect(session.requests[1]?.url).toMatch(new RegExp(`${CABINET}/Stamps$`));
		expect(rows.map(({ json }) => json)).toEqual([
			{
				stampId: 'stamp-1',
				name: 'Approved',
				needsPassword: false,
				signature: 'No',
				overwritesIndexData: false,
				fields: [
					{ name: '<#1>', label: 'Amount', required: true },
					{ name: '<#2>', label: 'Comment', required: false, length: 5 },
					{ name: '<#3>', label: 'Paid on', required: false },
				],
			},
			expect.objectContaining({ stampId: 'stamp-2', needsPassword: true, fields: [] }),
		]);
	});

	it('keeps to the limit, and gives them as they came', async () => {
		const { rows } = await stamps({ limit: 1, output: 'raw' });
		expect(rows).toEqual([{ json: APPROVED }]);
	});
});

describe('Place Stamp', () => {
	it('fills the fields by their labels and finds the best place', async () => {
		const paid = { name: '<#3>', type: 'Date', value: '2026-11-26' };
		const { last, rows } = await run(
			'placeStamp',
			[...READ, { body: { Ok: true } }],
			fields(amount, paid),
		);
		expect(last).toMatchObject({
			call: `POST ${at('Documents/18/Annotation')}`,
			body: {
				Annotations: [
					{
						PageNumber: 0,
						SectionNumber: 0,
						AnnotationsPlacement: {
							Items: [
								{
									$type: 'StampPlacement',
									StampId: 'stamp-1',
									Layer: 1,
									Field: [
										{
											Name: '<#1>',
											TypedValue: { Item: 1234.5, ItemElementName: 'Decimal' },
											Value: '1234.5',
										},
										{
											Name: '<#3>',
											TypedValue: { Item: '2026-11-26', ItemElementName: 'Date' },
										},
									],
								},
							],
						},
					},
				],
			},
		});
		expect(JSON.stringify(last?.body)).not.toMatch(/Location|Password/);
		expect(rows[0]?.json).toEqual({
			placed: true,
			...place,
			stampId: 'stamp-1',
			stampName: 'Approved',
			section: 1,
			page: 1,
		});
	});

	// Red before: `/Date(1775561400000)/` was stamped.
	it.each([
		['2026-04-07T13:30:00', 'Europe/Amsterdam', '2026-04-07 13:30:00', 1775561400000],
		['2026-04-07T11:30:00Z', 'Europe/Amsterdam', '2026-04-07 13:30:00', 1775561400000],
		['2026-04-07', 'Pacific/Auckland', '2026-04-07 00:00:00', 1775476800000],
	])("shows the time %s by the workflow's clocks in %s", async (value, timeZone, shown, moment) => {
		const at = { name: 'Paid on', type: 'DateTime', value };
		const answers = [...READ, { body: { Ok: true } }];
		const { last } = await run('placeStamp', answers, fields(amount, at), { timeZone });
		expect(last?.body).toMatchObject({
			Annotations: [
				{
					AnnotationsPlacement: {
						Items: [
							{
								Field: [
									{ Name: '<#1>' },
									{
										Name: '<#3>',
										TypedValue: { Item: `/Date(${moment})/`, ItemElementName: 'DateTime' },
										Value: shown,
										TextAsString: shown,
									},
								],
							},
						],
					},
				},
			],
		});
	});

	it('puts it where it is said, on a page counted from 1', async () => {
		const parameters = {
			...fields(amount),
			position: 'coordinates',
			x: 100,
			y: 200,
			options: { page: 3, section: 2, layer: 5, rotation: 90 },
		};
		const { last } = await run('placeStamp', [...READ, { body: '' }], parameters);
		expect(last?.body).toMatchObject({
			Annotations: [
				{
					PageNumber: 2,
					SectionNumber: 1,
					AnnotationsPlacement: {
						Items: [{ Layer: 5, Rotation: 90, Location: { X: 100, Y: 200 } }],
					},
				},
			],
		});
	});

	it('never shows the password, also where the server says it again', async () => {
		const parameters = {
			...ofDocument,
			stampId: locator('stamp-2'),
			options: { stampPassword: 'open-sesame' },
		};
		const placed = await run('placeStamp', [...READ, { body: '' }], parameters);
		expect(JSON.stringify(placed.last?.body)).toContain('"Password":"open-sesame"');
		expect(JSON.stringify(placed.rows)).not.toContain('open-sesame');
		const refusal = { status: 403, body: { Message: 'Wrong password: open-sesame' } };
		const error: unknown = await run('placeStamp', [...READ, refusal], parameters).catch(
			(failure: unknown) => failure,
		);
		expect(error).toMatchObject({ code: 'DOCUWARE_FORBIDDEN' });
		const shown = JSON.stringify([String(error), error]);
		expect(shown).toContain('Wrong password');
		expect(shown).not.toContain('open-sesame');
	});

	it.each([
		['an unknown stamp', { stampId: locator('Aproved') }, 'DOCUWARE_UNKNOWN_NAME', 'Approved'],
		['no stamp', { stampId: locator('') }, 'DOCUWARE_INVALID_PARAMETER', 'Stamp is empty'],
		[
			'no password',
			{ stampId: locator('Secret') },
			'DOCUWARE_INVALID_PARAMETER',
			'needs its password',
		],
		['a field less', {}, 'DOCUWARE_INVALID_PARAMETER', 'needs its field "Amount"'],
		['a page below 1', { options: { page: 0 } }, 'DOCUWARE_INVALID_PARAMETER', 'Page of item 0'],
	])('sends nothing for %s', async (_case, parameters, code, message) => {
		const session = new FakeSession([...READ]);
		const all = { ...fields(), ...parameters };
		await expect(
			runOperation(session, {
				parameters: { resource: 'document', operation: 'placeStamp', ...all },
			}),
		).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
		expect(session.requests.every(({ method }) => method === 'GET')).toBe(true);
	});

	it.each([
		['unknown', { name: 'Total', value: 1 }, 'has no field "Total"'],
		['given twice', amount, 'is given twice'],
		['too long', { name: 'Comment', value: 'too long' }, 'Comment'],
		['no number', { name: '<#1>', type: 'Decimal', value: 'much' }, 'Amount'],
	])('sends nothing where a field is %s', async (_case, field, message) => {
		const rows = field.name === '<#1>' ? [field] : [amount, field];
		await expect(run('placeStamp', READ, fields(...rows))).rejects.toMatchObject({
			message: expect.stringContaining(message),
		});
	});
});

describe('Add Annotation', () => {
	const annotate = (annotations: unknown, more: IDataObject = {}) => ({
		...ofDocument,
		annotations: annotations as IDataObject,
		...more,
	});

	it('writes, marks and draws in one request', async () => {
		const { last, rows } = await run(
			'addAnnotation',
			[DOCUMENT, { body: { Ok: true } }],
			annotate({
				line: [{ fromX: 0, fromY: 0, toX: 10, toY: 20, arrow: true, strokeWidth: 50 }],
				rectangle: [{ left: 1, top: 2, width: 3, height: 4, colorName: 'Yellow' }],
				text: [{ text: 'Geprüft', fontSize: 12, bold: true }],
			}),
		);
		const annotations = (last?.body as { Annotations: IDataObject[] }).Annotations;
		expect(annotations[0]?.AnnotationsPlacement).toEqual({
			Items: [
				{
					$type: 'Annotation',
					Layer: [
						{
							Id: 1,
							Items: [
								{
									$type: 'TextEntry',
									Font: {
										FontName: 'Arial',
										Bold: true,
										Italic: false,
										Underlined: false,
										StrikeThrough: false,
										FontSize: 240,
										Spacing: 0,
									},
									Value: 'Geprüft',
									Location: { Left: 567, Top: 567, Width: 2835, Height: 567 },
								},
								{
									$type: 'RectEntry',
									Color: 'Yellow',
									Transparent: true,
									StrokeWidth: 20,
									Location: { Left: 1, Top: 2, Width: 3, Height: 4 },
									Filled: true,
									Ellipse: false,
								},
								{
									$type: 'LineEntry',
									StrokeWidth: 50,
									From: { X: 0, Y: 0 },
									To: { X: 10, Y: 20 },
									Arrow: true,
								},
							],
						},
					],
				},
			],
		});
		expect(rows).toEqual([{ json: { added: 3, ...place, section: 1, page: 1 } }]);
	});

	it('counts pages and files from where the server does', async () => {
		const options = { page: 2, section: 3, countFrom: 1 };
		const answers = [DOCUMENT, { body: '' }];
		const { last } = await run('addAnnotation', answers, annotate({ line: [{}] }, { options }));
		expect(last?.body).toMatchObject({ Annotations: [{ PageNumber: 2, SectionNumber: 3 }] });
	});

	it.each([
		['nothing', {}, 'Annotations is empty for item 0'],
		['a text without text', { text: [{ text: ' ' }] }, 'Text 1 of item 0 has no text'],
		['a width of nothing', { rectangle: [{ width: 0 }] }, 'Rectangle 1 > Width of item 0'],
		['a place that is no number', { line: [{}, { toX: 'far' }] }, 'Line 2 > To X of item 0'],
	])('adds nothing for %s', async (_case, annotations, message) => {
		await expect(run('addAnnotation', [], annotate(annotations))).rejects.toMatchObject({
			code: 'DOCUWARE_INVALID_PARAMETER',
			message: expect.stringContaining(message),
		});
	});
});
