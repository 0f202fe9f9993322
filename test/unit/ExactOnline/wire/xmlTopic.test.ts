import { divisionOf } from '../../../../nodes/ExactOnline/wire/apiUrl';
import { declaredUtf8, readXml, xmlTextOf } from '../../../../nodes/ExactOnline/wire/xmlText';
import { readXmlAnswer, xmlUrl } from '../../../../nodes/ExactOnline/wire/xmlTopic';

const HEAD = '<?xml version="1.0" encoding="utf-8"?>';

/** An answer with this in it. */
const answer = (content: string) => `${HEAD}<eExact>${content}</eExact>`;

describe('the address of a topic', () => {
	it('holds topic, division and further parameters, encoded, and its calls count in that division', () => {
		const place = { topic: 'GLTransactions', division: 3100007 };
		const url = xmlUrl('https://start.exactonline.nl', 'XMLDownload', place, [
			['Params_Code', 'a&b=c'],
		]);
		expect(url).toBe(
			'https://start.exactonline.nl/docs/XMLDownload.aspx?Topic=GLTransactions&_Division_=3100007&Params_Code=a%26b%3Dc',
		);
		expect(divisionOf(url)).toBe(3100007);
		expect(divisionOf('https://start.exactonline.nl/docs/XMLDownload.aspx?_Division_=x')).toBe(
			undefined,
		);
	});
});

describe('an answer', () => {
	it('has messages, each with what became of its element', () => {
		const message = (type: string, about: string, text: string) =>
			`<Message type="${type}"><Topic code="Items" node="Item">${about}</Topic><Date>x</Date><Description>${text}</Description></Message>`;
		const text = answer(
			`<Messages>${message('2', '<Data key="{1}" keyAlt="A &amp; B"/>', 'Created')}${message('0', '', ' Missing ')}${message('1', '', '')}${message('3', '', 'x')}${message('9', '', 'x')}</Messages>`,
		);
		expect(readXmlAnswer(text, 'Items')).toEqual({
			messages: [
				{
					kind: 'done',
					type: '2',
					element: 'Item',
					id: '{1}',
					key: 'A & B',
					description: 'Created',
				},
				{ kind: 'error', type: '0', element: 'Item', description: 'Missing' },
				{ kind: 'warning', type: '1', element: 'Item', description: '' },
				{ kind: 'fatal', type: '3', element: 'Item', description: 'x' },
				{ kind: 'unknown', type: '9', element: 'Item', description: 'x' },
			],
		});
	});

	it.each([
		['one message', '<Messages><Message type="2"/></Messages>', 1],
		['none', '<Messages />', 0],
		['no list of them', '<Accounts/>', 0],
	])('may hold %s', (_name, content, count) => {
		expect(readXmlAnswer(answer(content), 'Accounts')).toHaveProperty('messages.length', count);
	});

	it.each([
		['a full page with a place', 'ts_d="0x1" count="1000" pagesize="1000"', '0x1'],
		['a place alone', 'ts_d="0x1"', '0x1'],
		['a full page without a place', 'count="1000" pagesize="1000"', undefined],
		['a page that is not full, with a place', 'ts_d="0x1" count="7" pagesize="1000"', undefined],
		['an empty page with a place', 'ts_d="0x1" count="0"', undefined],
		['an empty place', 'ts_d="" count="1000" pagesize="1000"', undefined],
	])('names the next page: %s', (_name, attributes, next) => {
		const text = answer(`<Topics><Topic code="Items" ${attributes} /></Topics>`);
		expect(readXmlAnswer(text, 'Items')).toEqual(
			expect.objectContaining(next === undefined ? { messages: [] } : { next }),
		);
		if (next === undefined) expect(readXmlAnswer(text, 'Items')).not.toHaveProperty('next');
	});

	it.each([
		['nothing', ' \n'],
		['a web page', '<!DOCTYPE html><html><body>Log in</body></html>'],
		['XML that cannot be read: ', `${HEAD}<eExact><Accounts>`],
		['an unknown document (Error)', `${HEAD}<Error/>`],
		[
			'XML that cannot be read: it declares a document type',
			`${HEAD}<!DOCTYPE a [<!ENTITY b "c">]><eExact/>`,
		],
	])('is none: %s', (words, text) => {
		expect(readXmlAnswer(text, 'Items')).toHaveProperty('problem', expect.stringContaining(words));
	});
});

describe('the text of a document', () => {
	const latin = Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>', 'latin1');

	it('is decoded by the encoding that it names, unless its content type names another', () => {
		expect(xmlTextOf(latin)).toContain('<a>é</a>');
		expect(xmlTextOf(latin, 'text/xml')).toContain('<a>é</a>');
		const utf8 = Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>');
		expect(xmlTextOf(utf8, 'text/xml; charset=utf-8')).toContain('<a>é</a>');
		expect(xmlTextOf(Buffer.from('\ufeff<a>é</a>', 'utf16le'))).toBe('<a>é</a>');
	});

	it('says UTF-8 where it is sent as that', () => {
		expect(declaredUtf8('<?xml version="1.0" encoding="utf-16"?><a encoding="x"/>')).toBe(
			'<?xml version="1.0" encoding="utf-8"?><a encoding="x"/>',
		);
		expect(declaredUtf8('<a/>')).toBe('<a/>');
	});

	it('is whole, or the line is named', () => {
		expect(readXml('<a>\n<b></a>', [])).toMatch(/\(line 2\)$/);
		expect(readXml('<a>1</a>', [])).toEqual({ name: 'a', root: { '#text': '1' } });
		expect(readXml('text', [])).toEqual(expect.any(String));
	});

	it('is none where its bytes are no text in its encoding', () => {
		const head = '<?xml version="1.0" encoding="utf-8"?>';
		expect(xmlTextOf(Buffer.from(`${head}<a>é</a>`, 'latin1'))).toBeUndefined();
		expect(xmlTextOf(Buffer.from('<?xml version="1.0" encoding="nonsense"?><a/>'))).toBeUndefined();
	});
});

describe('odd documents', () => {
	it.each([
		['torn behind its root', '<eExact/'],
		['deeper than anybody writes', `${'<a>'.repeat(200)}${'</a>'.repeat(200)}`],
		['with names of JavaScript', '<eExact><constructor/></eExact>'],
		['with an end that is missing', `<eExact>${'<a>x</a>'.repeat(400_000)}`],
	])('%s are a problem in words, not a fault', (_name, text) => {
		expect(readXml(text, [])).toEqual(expect.any(String));
		expect(String(readXml(text, [])).length).toBeLessThan(300);
	});

	it('may say DOCTYPE in their content', () => {
		const text = answer('<Items><Item><Note><![CDATA[<!DOCTYPE html>]]></Note></Item></Items>');
		expect(readXmlAnswer(text, 'Items')).toEqual({ messages: [] });
		expect(readXmlAnswer(`<!-- a --><!DOCTYPE x><eExact/>`, 'Items')).toHaveProperty('problem');
	});

	it('the elements of the topic are not looked into, wherever their end is written', () => {
		const text = answer(
			'<Items><Item a="</Items>"><!-- </Items> --><constructor/></Item></Items><Topics><Topic code="Items" ts_d="0x1"/></Topics>',
		);
		expect(readXmlAnswer(text, 'Items')).toEqual({ messages: [], next: '0x1' });
	});

	it('a message is one however it is written', () => {
		const kinds = (content: string) => {
			const read = readXmlAnswer(answer(`<Messages>${content}</Messages>`), 'Items');
			return 'problem' in read
				? read.problem
				: read.messages.map((one) => [one.kind, one.description]);
		};
		expect(kinds('<Message>Access denied</Message>')).toEqual([['unknown', 'Access denied']]);
		expect(kinds('Access denied')).toEqual([['unknown', 'Access denied']]);
		expect(kinds('<Message type="toString"/>')).toEqual([['unknown', '']]);
		expect(
			kinds('<Message type=" 0 "><Description>it&#39;s &amp;amp;</Description></Message>'),
		).toEqual([['error', "it's &amp;"]]);
	});

	it('of several topics the place of the one that was asked for counts', () => {
		const two = (first: string, second: string) =>
			answer(
				`<Topics><Topic code="${first}" count="0"/></Topics><Topics><Topic code="${second}" ts_d="0x5"/></Topics>`,
			);
		expect(readXmlAnswer(two('A', 'Items'), 'Items')).toHaveProperty('next', '0x5');
		expect(readXmlAnswer(two('A', 'B'), 'Items')).toHaveProperty('problem', 'places of 2 topics');
	});
});
