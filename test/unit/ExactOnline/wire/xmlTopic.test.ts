import { divisionOf } from '../../../../nodes/ExactOnline/wire/apiUrl';
import { declaredUtf8, xmlProblem, xmlTextOf } from '../../../../nodes/ExactOnline/wire/xmlText';
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
		expect(readXmlAnswer(text)).toEqual({
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
		expect(readXmlAnswer(answer(content))).toHaveProperty('messages.length', count);
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
		const read = readXmlAnswer(text);
		expect(typeof read === 'string' ? read : read.next).toBe(next);
	});

	it.each([
		['nothing', ' \n'],
		['a web page', '<!DOCTYPE html><html><body>Log in</body></html>'],
		['XML that is not whole: ', `${HEAD}<eExact><Accounts>`],
		['an unknown document (Error)', `${HEAD}<Error/>`],
		[
			'XML that is not whole: it declares a document type',
			`${HEAD}<!DOCTYPE a [<!ENTITY b "c">]><eExact/>`,
		],
	])('is none: %s', (words, text) => {
		expect(readXmlAnswer(text)).toContain(words);
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
		expect(xmlProblem('<a>\n<b></a>')).toMatch(/\(line 2\)$/);
		expect(xmlProblem('<a>1</a>')).toBeUndefined();
		expect(xmlProblem('text')).toBeDefined();
	});
});
