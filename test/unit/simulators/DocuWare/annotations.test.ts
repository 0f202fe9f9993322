import type { SwitchChanges } from '../../../simulators/DocuWare/switches';
import { file, fileClient, invoices, type FileClient } from './fileClient';
import { useSimulator } from './useSimulator';

const { start } = useSimulator();
const approved = '9c1e4b7a-5d20-4f83-8b6e-0a2d4c6e8f01';
const paid = '9c1e4b7a-5d20-4f83-8b6e-0a2d4c6e8f02';

async function stocked(switches: SwitchChanges = {}): Promise<FileClient> {
	const client = await fileClient(await start({ concurrentLicences: 9, ...switches }));
	await client.parts('Documents', [file('a.txt', 'one\ftwo', 'text/plain')]);
	return client;
}

const place = async (client: FileClient, item: object, page: object = {}) =>
	await client.json('POST', 'Documents/1/Annotation', {
		Annotations: [
			{ PageNumber: 0, SectionNumber: 0, ...page, AnnotationsPlacement: { Items: [item] } },
		],
	});
const stamp = (changes: object = {}) => ({
	$type: 'StampPlacement',
	Location: { X: '100', Y: '100' },
	StampId: approved,
	Layer: 1,
	Field: [
		{
			Name: '<#1>',
			TypedValue: { Item: '4711', ItemElementName: 'string' },
			Value: '4711',
			TextAsString: '4711',
		},
	],
	Password: null,
	...changes,
});
const note = (changes: object = {}, layer: unknown = '1') => ({
	$type: 'Annotation',
	Layer: [
		{
			Id: layer,
			Items: [
				{
					$type: 'TextEntry',
					Value: 'A note',
					Location: { Left: 1, Top: 1, Width: 9, Height: 9 },
					...changes,
				},
			],
		},
	],
});

interface Shown {
	Annotations: Array<{ Annotation: Array<{ Items: Array<{ Id: string; Value?: string }> }> }>;
}
const entries = (answer: { json: () => unknown }) =>
	(answer.json() as Shown).Annotations.flatMap(({ Annotation }) =>
		Annotation.flatMap(({ Items }) => Items),
	);

describe('stamps', () => {
	it('are listed with their fields', async () => {
		const client = await stocked();
		expect((await client.call('GET', 'Stamps')).json()).toMatchObject({
			Stamp: [
				{
					Id: approved,
					PasswordProtected: false,
					FormField: [{ Name: '<#1>', Label: 'Cost centre', NotEmpty: true }],
				},
				{ Id: paid, PasswordProtected: true, FormField: [] },
			],
		});
	});

	it('are placed, and stay on the document and its PDF', async () => {
		const client = await stocked();
		expect((await place(client, stamp())).json()).toMatchObject({
			Annotations: [{ SectionNumber: 0, PageNumber: 0 }],
		});
		const anywhere = stamp({
			Location: undefined,
			StampId: paid,
			Field: [],
			Password: 'stamp secret',
		});
		expect((await place(client, anywhere, { PageNumber: 1 })).status).toBe(200);
		const shown = (await client.call('GET', 'Documents/1/Annotation')).json();
		expect(shown).toMatchObject({ Annotations: [{ PageNumber: 0 }, { PageNumber: 1 }] });
		const pdf = (keep: boolean) =>
			`Documents/1/FileDownload?TargetFileType=PDF&KeepAnnotations=${keep}`;
		expect((await client.bytes(pdf(true))).body.toString('latin1')).toContain('Approved 4711');
		expect((await client.bytes(pdf(false))).body.toString('latin1')).not.toContain('Approved');
	});

	it.each([
		['an unknown stamp', stamp({ StampId: 'x' }), 422],
		['a wrong password', stamp({ StampId: paid, Field: [], Password: 'no' }), 403],
		['no password', stamp({ StampId: paid, Field: [] }), 403],
		['a mandatory field left empty', stamp({ Field: [] }), 422],
		['an unknown field', stamp({ Field: [{ Name: '<#9>', Value: 'x' }] }), 422],
		['a text that is too long', stamp({ Field: [{ Name: '<#1>', Value: 'x'.repeat(21) }] }), 422],
		['a layer beyond five', stamp({ Layer: 6 }), 422],
		['no layer', stamp({ Layer: 'top' }), 422],
		['a crooked rotation', stamp({ Rotation: 45 }), 422],
		['a place without Y', stamp({ Location: { X: 1 } }), 422],
		['an unknown kind', { $type: 'Sticker' }, 422],
	])('are refused with %s', async (_, item, status) => {
		const client = await stocked();
		expect((await place(client, item)).status).toBe(status);
		expect(entries(await client.call('GET', 'Documents/1/Annotation'))).toEqual([]);
	});
});

describe('notes', () => {
	it('are placed, changed by their id and deleted', async () => {
		const client = await stocked();
		const [first] = entries(await place(client, note()));
		const changed = entries(await place(client, note({ Value: 'Changed', id: first?.Id })));
		expect(changed).toMatchObject([{ Id: first?.Id, Value: 'Changed', StrokeWidth: 20 }]);
		const removal = {
			$type: 'Annotation',
			Layer: [{ Id: 1, Items: [{ $type: 'DeleteEntry', Id: first?.Id }] }],
		};
		expect(entries(await place(client, removal))).toEqual([]);
		expect((await place(client, removal)).status).toBe(422);
	});

	it.each([
		['a text without a place', note({ Location: undefined })],
		['a place without a width', note({ Location: { Left: 1, Top: 1, Height: 1 } })],
		['a line without an end', note({ $type: 'LineEntry', From: { X: 1, Y: 1 } })],
		['an unknown entry', note({ $type: 'Drawing' })],
		['an unknown id', note({ Id: 'x' })],
		['an unknown layer', note({}, '9')],
		['six layers', { $type: 'Annotation', Layer: Array(6).fill({ Id: 1, Items: [] }) }],
	])('are refused with %s', async (_, item) => {
		expect((await place(await stocked(), item)).status).toBe(422);
	});

	it.each([
		['fromZero', { PageNumber: 1, SectionNumber: 0 }, { PageNumber: 2, SectionNumber: 0 }],
		['fromOne', { PageNumber: 2, SectionNumber: 1 }, { PageNumber: 1, SectionNumber: 0 }],
	] as const)('count pages %s', async (annotationPages, good, bad) => {
		const client = await stocked({ annotationPages });
		expect((await place(client, note(), good)).json()).toMatchObject({ Annotations: [good] });
		expect((await place(client, note(), bad)).status).toBe(422);
	});

	it('by switch are answered with Ok', async () => {
		const client = await stocked({ annotationAnswer: 'ok' });
		expect((await place(client, note())).json()).toEqual({ Ok: true });
	});

	it('need rights', async () => {
		const simulator = await start({ concurrentLicences: 9 });
		await (await fileClient(simulator)).parts('Documents', [file('a.txt')]);
		const reader = await fileClient(simulator, {
			UserName: 'reader',
			Password: 'look, do not touch',
		});
		expect((await place(reader, note())).status).toBe(403);
		const user = simulator.world.users.find(({ name }) => name === 'reader');
		if (user !== undefined) {
			user.rights = { [invoices]: ['General_DisplayDocument', 'Annotation_New'] };
		}
		expect((await place(reader, note())).status).toBe(200);
		expect((await place(reader, stamp())).status).toBe(403);
	});
});
