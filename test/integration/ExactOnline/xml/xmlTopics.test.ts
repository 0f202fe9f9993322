import type { IBinaryData, IDataObject } from 'n8n-workflow';
import { createAccessTokenSource } from '../../../../nodes/ExactOnline/auth/nodeAccessTokenSource';
import { FIRST_DIVISION } from '../../../simulators/ExactOnline';
import { locator } from '../../../support/n8nContext';
import { useDocuments } from '../documents/support/documentBench';

jest.mock('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource', () => ({
	...jest.requireActual<object>('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource'),
	createAccessTokenSource: jest.fn(),
}));

const bench = useDocuments();

beforeEach(() => {
	jest.mocked(createAccessTokenSource).mockImplementation(async () => await bench.source());
});

const HEAD = '<?xml version="1.0" encoding="utf-8"?>';

const accounts = (...elements: string[]) =>
	`${HEAD}<eExact><Accounts>${elements.join('')}</Accounts></eExact>`;

const account = (code: string, name: string) =>
	`<Account code="${code}"><Name>${name}</Name></Account>`;

function uploadOf(topic: string, xml: string, options: IDataObject = {}): IDataObject {
	return {
		resource: 'xmlTopic',
		operation: 'upload',
		topic: locator(topic),
		xmlFrom: 'text',
		xml,
		options,
	};
}

const download = (topic: string, fields: IDataObject = {}): IDataObject => ({
	resource: 'xmlTopic',
	operation: 'download',
	topic: locator(topic),
	...fields,
});

const uploads = () => bench.requests('POST', 'docs/XMLUpload.aspx');

function names(): unknown[] {
	return bench.rows('crm/Accounts').map((row) => row.Name);
}

describe('an upload', () => {
	it('gives an item for each message', async () => {
		const xml = accounts(account('900001', 'Jansen &amp; Zn'), account('900002', 'De Vries'));
		const rows = await bench.run(uploadOf('Accounts', xml));
		expect(rows.map(({ json }) => json)).toEqual(
			['900001', '900002'].map((key) => ({
				topic: 'Accounts',
				division: FIRST_DIVISION,
				kind: 'done',
				type: '2',
				element: 'Account',
				key,
				description: 'Created',
			})),
		);
		expect(rows.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 0 }]);
		expect(names()).toEqual(expect.arrayContaining(['Jansen & Zn', 'De Vries']));
		expect(uploads()).toBe(1);
	});

	it('fails at an element with an error, and says which were taken; the others stand', async () => {
		const xml = accounts(account('900001', ''), account('900002', 'De Vries'));
		const failed = bench.run(uploadOf('Accounts', xml));
		await expect(failed).rejects.toThrow(
			/refused XML of the topic Accounts: Account 900001: Mandatory: Name\. 1 of 2 messages say.*\[EXACT_XML_REFUSED\]/,
		);
		expect(names()).toContain('De Vries');
	});

	it('gives the messages of errors as items where they shall not fail it', async () => {
		const xml = accounts(account('900001', ''), account('900002', 'De Vries'));
		const rows = await bench.run(uploadOf('Accounts', xml, { failOn: 'nothing' }));
		expect(rows.map(({ json }) => json.kind)).toEqual(['error', 'done']);
	});

	it('whether type 1 fails it is the choice of a person', async () => {
		bench.simulator.configure({ xmlErrorType: 1 });
		const xml = accounts(account('900001', ''));
		const [row] = await bench.run(uploadOf('Accounts', xml));
		expect(row?.json).toMatchObject({ kind: 'warning', description: 'Mandatory: Name' });
		const strict = bench.run(uploadOf('Accounts', xml, { failOn: 'errorsAndWarnings' }));
		await expect(strict).rejects.toThrow('EXACT_XML_REFUSED');
	});

	it.each(['nested', 'several'] as const)(
		'fails at an error in whatever list it stands: %s',
		async (xmlMessages) => {
			bench.simulator.configure({ xmlMessages });
			const xml = accounts(account('900001', ''), account('900002', 'De Vries'));
			await expect(bench.run(uploadOf('Accounts', xml))).rejects.toThrow(
				/Account 900001: Mandatory: Name\. 1 of 2 messages say.*\[EXACT_XML_REFUSED\]/,
			);
		},
	);

	it('fails at messages whose type nobody knows', async () => {
		bench.simulator.configure({ xmlMessages: 'unknownTypes' });
		const xml = accounts(account('900002', 'De Vries'));
		await expect(bench.run(uploadOf('Accounts', xml))).rejects.toThrow('EXACT_XML_REFUSED');
		const rows = await bench.run(uploadOf('Accounts', xml, { failOn: 'nothing' }));
		expect(rows.map(({ json }) => [json.kind, json.type])).toEqual([['unknown', 'x']]);
	});

	it('says so where Exact says nothing', async () => {
		bench.simulator.configure({ xmlMessages: 'none' });
		const rows = await bench.run(uploadOf('Accounts', accounts(account('900002', 'De Vries'))));
		expect(rows.map(({ json }) => json)).toEqual([
			expect.objectContaining({
				kind: 'unknown',
				description: expect.stringContaining('said nothing of any element') as string,
			}),
		]);
		expect(names()).toContain('De Vries');
	});

	it('goes out from a file byte by byte, in the encoding that the file names', async () => {
		const content = Buffer.from(
			'<?xml version="1.0" encoding="utf-8"?><eExact><Accounts><Account code="900009"><Name>Zoë</Name></Account></Accounts></eExact>',
		);
		const data: IBinaryData = { data: content.toString('base64'), mimeType: 'text/xml' };
		const parameters = { ...uploadOf('Accounts', ''), xmlFrom: 'file', binaryField: 'data' };
		await bench.run(parameters, [], { items: [{ json: {}, binary: { data } }] });
		expect(names()).toContain('Zoë');
	});

	it.each([
		['Topic', uploadOf(' ', accounts())],
		['Topic', uploadOf('GL Transactions', accounts())],
		['XML is not usable: it holds no XML', uploadOf('Accounts', ' ')],
		['no valid XML: ', uploadOf('Accounts', `${HEAD}<eExact><Accounts>`)],
		['its root is Accounts, not eExact', uploadOf('Accounts', '<Accounts/>')],
		['Fail On', uploadOf('Accounts', accounts(), { failOn: 'x' })],
		[
			'Parameters is not usable: the node gives _division_ itself',
			uploadOf('Accounts', accounts(), {
				parameters: { parameter: [{ name: '_division_', value: '1' }] },
			}),
		],
	])('%s: refused before anything is sent', async (words, parameters) => {
		await expect(bench.run(parameters)).rejects.toThrow(
			new RegExp(`${words}.*Nothing was sent.*\\[EXACT_INVALID_VALUE\\]`, 's'),
		);
		expect(uploads()).toBe(0);
	});

	it('with a piece that gives nothing is not sent', async () => {
		const xml = `=${accounts('<Account code="{{ $json.code }}"><Name>A</Name></Account>')}`;
		const failed = bench.run(uploadOf('Accounts', xml), [{ other: 1 }]);
		await expect(failed).rejects.toThrow(/\{\{ \$json\.code \}\} for item 0.*EXACT_INVALID_VALUE/s);
		expect(uploads()).toBe(0);
		const rows = await bench.run(uploadOf('Accounts', xml), [{ code: '900010' }]);
		expect(rows.map(({ json }) => json.key)).toEqual(['900010']);
	});

	it('a topic that Exact does not know fails with its words, and other items go on', async () => {
		const parameters = { ...uploadOf('={{ $json.topic }}', accounts(account('900003', 'A'))) };
		const rows = await bench.run(parameters, [{ topic: 'Nothing' }, { topic: 'Accounts' }], {
			continueOnFail: true,
		});
		expect(rows.map(({ json }) => json.error ?? json.kind)).toEqual([
			expect.objectContaining({
				code: 'EXACT_XML_REFUSED',
				message: expect.stringContaining('Invalid: Topic Nothing') as string,
			}),
			'done',
		]);
	});

	it('is refused as a tool unless a person allows it', async () => {
		const parameters = uploadOf('Accounts', accounts(account('900004', 'Tool')));
		await expect(
			bench.run(parameters, [{}], {
				nodeType: 'n8n-nodes-exactonline-docuware.exactOnlineTool',
			}),
		).rejects.toThrow('EXACT_NOT_FOR_AI');
		expect(uploads()).toBe(0);
	});
});

describe('a download', () => {
	async function seedItems(count: number): Promise<void> {
		const row = { Code: 'X{n}', Description: '<{n}>' };
		const body = { division: FIRST_DIVISION, endpoint: 'logistics/Items', count, row };
		const answer = await fetch(`${bench.simulator.url}/__simulator/rows`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(body),
		});
		expect(answer.status).toBeLessThan(300);
	}

	it.each(['withoutPlace', 'withPlace'] as const)(
		'is whole, a page per item; the last page is %s',
		async (xmlLastPage) => {
			bench.simulator.configure({ xmlLastPage });
			const before = bench.rows('logistics/Items').length;
			await seedItems(1000);
			const rows = await bench.run(download('Items', { outputAs: 'text' }));
			expect(rows.map(({ json }) => [json.page, json.count])).toEqual([
				[1, 1000],
				[2, before],
			]);
			expect(rows[1]?.json.next).toBeNull();
			const elements = rows.flatMap(({ json }) => String(json.xml).match(/<Item /g) ?? []);
			expect(elements).toHaveLength(1000 + before);
		},
	);

	it('ends at the empty answer behind a last page that is full', async () => {
		bench.simulator.configure({ xmlLastPage: 'withPlace' });
		await seedItems(1000 - bench.rows('logistics/Items').length);
		const rows = await bench.run(download('Items', { outputAs: 'text' }));
		expect(rows.map(({ json }) => json.count)).toEqual([1000]);
		expect(rows[0]?.json.next).toEqual(expect.any(String));
		expect(bench.requests('GET', 'docs/XMLDownload.aspx')).toBe(2);
	});

	it('can be one page, and go on behind it', async () => {
		await seedItems(1000);
		const first = await bench.run(download('Items', { allPages: false, outputAs: 'text' }));
		expect(first).toHaveLength(1);
		const options = { startAfter: first[0]?.json.next };
		const [rest] = await bench.run(download('Items', { outputAs: 'text', options }));
		expect(Number(rest?.json.count)).toBe(bench.rows('logistics/Items').length - 1000);
	});

	it('is a file as it came', async () => {
		const [row] = await bench.run(download('Journals', { outputAs: 'file', outputField: 'data' }));
		const { data = '', fileName, mimeType } = row?.binary?.data ?? {};
		expect(fileName).toBe(`Journals-${FIRST_DIVISION}-1.xml`);
		expect(mimeType).toBe('application/xml');
		expect(Buffer.from(data, 'base64').toString()).toMatch(/^<\?xml.*<\/eExact>$/s);
		expect(row?.json).not.toHaveProperty('xml');
	});

	it('gives a model the beginning of one page as text, whatever the node says', async () => {
		await seedItems(1000);
		const rows = await bench.run(download('Items', { outputAs: 'file' }), [{}], {
			nodeType: 'n8n-nodes-exactonline-docuware.exactOnlineTool',
		});
		expect(rows).toHaveLength(1);
		expect(rows[0]?.binary).toBeUndefined();
		expect(rows[0]?.json).toMatchObject({ page: 1, xmlIsCut: true });
		expect(String(rows[0]?.json.xml)).toMatch(/^<\?xml/);
		const size = Buffer.byteLength(JSON.stringify(rows[0]?.json));
		expect(size).toBeGreaterThan(8_500);
		expect(size).toBeLessThanOrEqual(10_000);
		expect(rows[0]?.json.note).toBeUndefined();
	});

	it('fails with the words of Exact for a topic that it does not know', async () => {
		await expect(bench.run(download('Nothing'))).rejects.toThrow(
			/refused to give the topic Nothing: Invalid: Topic Nothing.*\[EXACT_XML_REFUSED\]/s,
		);
	});
});
