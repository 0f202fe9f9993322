import { isRecord, parseJson, parseObject } from '../../../../nodes/shared/http';

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
