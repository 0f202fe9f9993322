import * as fc from 'fast-check';
import {
	isRecord,
	parseExactJson,
	parseExactObject,
	parseJson,
	parseJsonDigits,
	parseObject,
} from '../../../../nodes/shared/http';
import { holds } from '../../../support/properties';

describe('a body as JSON', () => {
	it.each([
		['{"a":1}', { a: 1 }, { a: 1 }],
		['[1]', [1], undefined],
		['null', null, undefined],
		['"text"', 'text', undefined],
		['<html>', undefined, undefined],
		['', undefined, undefined],
	])('%j', (body, json, object) => {
		expect(parseJson(body)).toEqual(json);
		expect(parseObject(body)).toEqual(object);
		expect(isRecord(json)).toBe(object !== undefined);
	});
});

describe('a body as JSON with whole numbers to the last digit', () => {
	it.each([
		['{"a":9007199254740993}', { a: '9007199254740993' }],
		['{"a":[-9223372036854775808,1]}', { a: ['-9223372036854775808', 1] }],
		['{"a":9007199254740991}', { a: 9007199254740991 }],
		['{"a":"9007199254740993 \\" 9007199254740993"}', { a: '9007199254740993 " 9007199254740993' }],
		[
			'{"a":0.12345678901234567,"b":1234567890123456789.5}',
			{ a: Number('0.12345678901234567'), b: Number('1234567890123456789.5') },
		],
		['{"a":1234567890123456789e2}', { a: Number('1234567890123456789e2') }],
		['{"1234567890123456789":1}', { '1234567890123456789': 1 }],
		['9007199254740993', '9007199254740993'],
		[' [ 9007199254740993 ] ', ['9007199254740993']],
		['[1,\n-9007199254740993\n]', [1, '-9007199254740993']],
		[
			'{"a": 9007199254740993, "b": 0.1234567890123456}',
			{ a: '9007199254740993', b: 0.1234567890123456 },
		],
	])('%s', (body, value) => {
		expect(parseExactJson(body)).toEqual(value);
		expect(parseExactObject(body)).toEqual(isRecord(value) ? value : undefined);
	});

	it.each(['{"a":9007199254740993', '9007199254740993"', '[0009007199254740993,]', ''])(
		'%j is none',
		(body) => {
			expect(parseExactJson(body)).toBeUndefined();
		},
	);

	it('finds a long number wherever it stands', () => {
		const digits = fc.stringMatching(/^[1-9]\d{11,19}$/);
		holds(
			fc.property(fc.nat(70), digits, fc.nat(40), (before, number, behind) => {
				const body = `${' '.repeat(before)}[1${' '.repeat(behind)},${number}]`;
				const value = Number(number);
				expect(parseExactJson(body)).toEqual([1, Number.isSafeInteger(value) ? value : number]);
			}),
		);
	});

	it('leaves whatever JavaScript can hold as it is', () => {
		holds(
			fc.property(fc.jsonValue(), fc.string(), (value, text) => {
				const body = JSON.stringify({ value, text: `1234567890123456${text}` });
				fc.pre(isHeld(value));
				expect(parseExactJson(body)).toEqual(JSON.parse(body));
			}),
			300,
		);
	});
});

it.each([
	['{"a":0.12345678901234567,"b":5.30}', { a: '0.12345678901234567', b: 5.3 }],
	[
		'[1234567890123456,-0.000123456789012345,1e400]',
		['1234567890123456', -0.000123456789012345, '1e400'],
	],
	['{"a":', undefined],
])('every digit of %s is kept', (body, value) => {
	expect(parseJsonDigits(body)).toEqual(value);
});

/** Whether no whole number of the value is beyond what JavaScript can hold. */
function isHeld(value: unknown): boolean {
	if (typeof value === 'number') return !Number.isInteger(value) || Number.isSafeInteger(value);
	if (Array.isArray(value)) return value.every(isHeld);
	return !isRecord(value) || Object.values(value).every(isHeld);
}

// Red before: it took minutes, in which n8n answered nobody.
it('a torn answer takes no longer than its length', () => {
	expect(parseExactJson('{"n":1234567890123456,"t":"' + '\\"'.repeat(400_000))).toBeUndefined();
}, 20_000);
