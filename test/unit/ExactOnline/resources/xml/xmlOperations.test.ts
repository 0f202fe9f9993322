import type { IDataObject } from 'n8n-workflow';
import type {
	Operation,
	OperationCall,
} from '../../../../../nodes/ExactOnline/resources/operation';
import { downloadXml } from '../../../../../nodes/ExactOnline/resources/xml/download.operation';
import { uploadXml } from '../../../../../nodes/ExactOnline/resources/xml/upload.operation';

interface Answer {
	body: string;
	/** Content type; XML if missing. */
	type?: string;
}

let requests: number;
let hints: string[];

beforeEach(() => {
	requests = 0;
	hints = [];
});

/** What an operation makes of these answers, the output of each item. */
async function rowsOf(
	operation: Operation,
	parameters: IDataObject,
	answers: readonly Answer[] = [],
): Promise<IDataObject[]> {
	const all: IDataObject = { topic: 'Items', division: '5', outputAs: 'text', ...parameters };
	const call = {
		itemIndex: 0,
		signal: undefined,
		source: { baseUrl: 'https://start.exactonline.nl' },
		client: {
			requestRaw: async () => {
				const { body, type = 'text/xml' } = answers[requests++] ?? { body: '' };
				const headers = { 'content-type': type };
				return await Promise.resolve({ status: 200, headers, body: Buffer.from(body) });
			},
		},
		context: {
			getNode: () => ({ type: 'exactOnline', parameters: all }),
			getMode: () => 'manual',
			getNodeParameter: (name: string, _item: number, fallback: unknown) => all[name] ?? fallback,
			addExecutionHints: ({ message }: { message: string }) => hints.push(message),
			helpers: {},
		},
	} as unknown as OperationCall;
	return (await operation.execute(call)).map(({ json }) => json);
}

const page = (attributes: string) =>
	`<?xml version="1.0"?><eExact><Topics><Topic code="Items" ${attributes}/></Topics></eExact>`;

const FULL = page('ts_d="0x1" count="1000" pagesize="1000"');

const upload = { xmlFrom: 'text', xml: '<eExact><Items/></eExact>' };

const messages = (content: string) => `<eExact><Messages>${content}</Messages></eExact>`;

/** A document that is too long to be read at once. */
const long = (elements: string) =>
	`<eExact><Items>${'<Item><A/></Item>'.repeat(120_000)}${elements}</Items><Messages/></eExact>`;

it.each([
	['downloaded', downloadXml, {}, 'XML that is not whole: Items ends where Item is open'],
	['uploaded', uploadXml, { ...upload, xml: long('<Item>') }, 'it is no valid XML: Items ends'],
])(
	'a long document that is broken in its middle is not %s',
	async (_what, operation, more, words) => {
		const answers = [{ body: long('<Item>') }];
		await expect(rowsOf(operation, more, answers)).rejects.toThrow(words);
		requests = 0;
		expect(await rowsOf(downloadXml, {}, [{ body: long('') }])).toHaveLength(1);
	},
);

describe('a download', () => {
	it('ends at an empty answer of the interface, and says so', async () => {
		const rows = await rowsOf(downloadXml, {}, [{ body: FULL }, { body: '' }]);
		expect(rows).toHaveLength(1);
		expect(hints).toEqual([expect.stringContaining('0x1')]);
	});

	it.each(['text/html', 'application/octet-stream'])(
		'does not end at an empty answer of type %s',
		async (type) => {
			const reading = rowsOf(downloadXml, {}, [{ body: FULL }, { body: '', type }]);
			await expect(reading).rejects.toThrow('with nothing');
			expect(requests).toBe(2);
		},
	);

	it('does not go in circles', async () => {
		const reading = rowsOf(downloadXml, {}, [{ body: FULL }, { body: FULL }]);
		await expect(reading).rejects.toThrow('would never end');
	});

	it('fails at a message without a type, since it may tell of anything', async () => {
		const reading = rowsOf(downloadXml, {}, [
			{ body: messages('<Message>Access denied</Message>') },
		]);
		await expect(reading).rejects.toThrow('Access denied');
	});

	it('does not begin at a place that came as a number', async () => {
		await expect(rowsOf(downloadXml, { options: { startAfter: 99999 } })).rejects.toThrow(
			'Start After',
		);
		expect(requests).toBe(0);
	});
});

describe('an upload', () => {
	it('of which nothing is said does not claim that it was taken', async () => {
		const rows = await rowsOf(uploadXml, upload, [{ body: messages('') }]);
		expect(rows).toEqual([expect.objectContaining({ kind: 'unknown' })]);
		expect(hints).toHaveLength(1);
	});

	it('that a web page answers may not have arrived; an answer that is torn says that it has', async () => {
		const byPage = rowsOf(uploadXml, upload, [{ body: '<html>Log in</html>', type: 'text/html' }]);
		await expect(byPage).rejects.toMatchObject({ code: 'EXACT_WRITE_UNCONFIRMED' });
		requests = 0;
		const torn = rowsOf(uploadXml, upload, [{ body: '<eExact><Messages>' }]);
		await expect(torn).rejects.toThrow('made the change');
	});

	it('is read by what the answer is, not by what it is called', async () => {
		const body = messages('<Message type="2"><Description>Created</Description></Message>');
		const rows = await rowsOf(uploadXml, upload, [{ body, type: 'text/html' }]);
		expect(rows).toEqual([expect.objectContaining({ kind: 'done', description: 'Created' })]);
	});

	it('that fails names the elements beyond those that it quotes', async () => {
		const message = (key: number) =>
			`<Message type="0"><Topic node="Item"><Data keyAlt="K${key}"/></Topic></Message>`;
		const many = [...Array(200).keys()].map(message).join('');
		await expect(rowsOf(uploadXml, upload, [{ body: messages(many) }])).rejects.toThrow(
			/Item K0: message of type "0" without words.*and 195 more: Item K5, /,
		);
	});

	it.each([
		['Fail On', { options: { failOn: 'constructor' } }],
		['Fail On', { options: { failOn: '__proto__' } }],
		['Parameters', { options: { parameters: { parameter: [{ name: 'a', value: '\ud800' }] } } }],
		['MB', { xml: `<eExact>${'x'.repeat(10_000_000)}</eExact>` }],
		['no valid XML', { xml: `<eExact>${'<a>x</a>'.repeat(300_000)}` }],
		['no valid XML', { xml: '<eExact/' }],
	])('is not sent: %s', async (words, parameters) => {
		await expect(rowsOf(uploadXml, { ...upload, ...parameters })).rejects.toMatchObject({
			code: 'EXACT_INVALID_VALUE',
			message: expect.stringContaining(words) as string,
		});
		expect(requests).toBe(0);
	});
});
