import { readEnvelope } from '../../../../nodes/ExactOnline/wire/envelope';

it.each([
	['list', { d: { results: [{ a: 1 }, { a: 2 }] } }, { rows: [{ a: 1 }, { a: 2 }] }],
	[
		'list with link and count',
		{ d: { results: [{ a: 1 }], __next: 'https://x/y', __count: '61' } },
		{ rows: [{ a: 1 }], next: 'https://x/y', count: 61 },
	],
	['bare array', { d: [{ a: 1 }] }, { rows: [{ a: 1 }] }],
	['single entity', { d: { a: 1 } }, { rows: [{ a: 1 }] }],
	['empty list', { d: { results: [] } }, { rows: [] }],
])('%s', (_name, body, expected) => {
	expect(readEnvelope(JSON.stringify(body))).toEqual(expected);
});

// Red before, for the second: a record without any field.
it.each(['  ', '{"d":{}}'])('takes %p for no entities, and no word that there are none', (body) => {
	expect(readEnvelope(body)).toEqual({ rows: [], isNothing: true });
});

it.each([
	...['<feed/>', '{"error":1}', '[]', '{"d":5}', '"d"', 'null'],
	// Red before: what is no record was left out in silence.
	...['{"d":[{"a":1},null]}', '{"d":{"results":[{"a":1},"b"]}}'],
	// Red before: a list without rows was one record, and what goes on behind no link was the whole of it.
	...['{"d":{"results":null}}', '{"d":{"results":{}}}', '{"d":{"results":[],"__next":{}}}'],
])('refuses %s', (body) => {
	expect(() => readEnvelope(body)).toThrow(
		expect.objectContaining({ code: 'EXACT_UNEXPECTED_ANSWER' }),
	);
});
