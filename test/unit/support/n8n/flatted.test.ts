import { parseFlatted } from '../../../support/n8n/flatted';

describe('parseFlatted', () => {
	it('reads nested objects, arrays, strings, numbers and null', () => {
		const text = '[{"list":"1","count":3,"nothing":null},["2",true],"text"]';
		expect(parseFlatted(text)).toEqual({ list: ['text', true], count: 3, nothing: null });
	});

	it('gives one object for a value that is referred to twice', () => {
		const value = parseFlatted('[{"a":"1","b":"1"},{"name":"2"},"x"]') as Record<string, unknown>;
		expect(value.a).toBe(value.b);
		expect(value.a).toEqual({ name: 'x' });
	});

	it('reads a circular reference', () => {
		const value = parseFlatted('[{"self":"0"}]') as Record<string, unknown>;
		expect(value.self).toBe(value);
	});

	it('reads a string that looks like an index', () => {
		expect(parseFlatted('[{"a":"1"},"0"]')).toEqual({ a: '0' });
	});
});
