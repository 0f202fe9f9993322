import * as fc from 'fast-check';
import {
	beginningWith,
	bound,
	containing,
	endingWith,
	exactly,
	isBound,
	isTakenLiterally,
	like,
	not,
	oneOf,
} from '../../../../nodes/DocuWare/search/literals';
import { holds } from '../../../support/properties';
import { finds, Refused } from './support/searchGrammar';

/** Texts made of what means something in a search, and of what does not. */
const part = fc.oneof(
	fc.constantFrom('"', '\\', '*', '?', '(', ')', 'AND', 'OR', 'NOT', ' ', 'EMPTY()', 'and', 'é'),
	fc.string({ minLength: 1, maxLength: 4 }),
);
const anyText = fc.array(part, { minLength: 1, maxLength: 7 }).map((parts) => parts.join(''));
/** One blank between words: what several mean outside quotes is not known. */
const text = anyText
	.map((value) => value.replace(/\s+/g, ' ').trim())
	.filter((value) => value !== '');

const sameText = (one: string, other: string) =>
	new RegExp(`^${one.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')}$`, 'iu').test(other);

/** What a wildcard in place of a blank may find beside what was meant. */
const asMeant = (meant: string, found: string) =>
	new RegExp(`^${meant.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&').replace(/\s/g, '[^]')}$`, 'iu').test(
		found,
	);

describe('a text of a search', () => {
	it('is what the vendor writes', () => {
		expect(exactly('MILLER AND SON')).toBe('"MILLER AND SON"');
		expect(exactly('Price List (UK)')).toBe('Price List \\(UK\\)');
		expect(exactly('Clever?123')).toBe('"Clever?123"');
		expect(exactly('Program')).toBe('Program');
		expect(exactly('US-Steel')).toBe('US-Steel');
		expect(exactly('OR')).toBe('"OR"');
		expect(exactly('a.b')).toBe('"a.b"');
		expect(exactly('"Othello"')).toBe('\\"Othello\\"');
		expect(exactly('C:\\Documents')).toBe('C:\\\\Documents');
		expect(exactly('12" pipe')).toBe('12\\" pipe');
		expect(exactly('12" AND 14"')).toBe('12\\"?AND?14\\"');
		expect(exactly('12"  pipe')).toBe('12\\"??pipe');
		expect(not(exactly('12" pipe'))).toBe('NOT 12\\"?pipe');
		expect(not(containing('Miller'))).toBe('NOT *Miller*');
		expect(oneOf(['a', 'b'])).toBe('"a" OR "b"');
		expect(oneOf(['a (1)', 'b'])).toBe('a \\(1\\) OR "b"');
		expect(not(exactly('a (1)'))).toBe('NOT a?\\(1\\)');
		expect(exactly('A AND (B)')).toBe('A?AND?\\(B\\)');
		expect(['a', 'a (1)', '(a)', 'A AND B'].every(isTakenLiterally)).toBe(true);
		expect(['A AND (B)', ' (a)', 'a*', 'a"'].some(isTakenLiterally)).toBe(false);
		expect(bound('A (2)')).toBe('A \\(2\\)');
	});

	it('has wildcards in place of blanks whose meaning is not known', () => {
		expect(containing('12  pipe')).toBe('*12??pipe*');
		expect(beginningWith(' 12 pipe')).toBe('?12?pipe*');
		expect(endingWith('12\tpipe')).toBe('*12?pipe');
		expect(like('12  p*')).toBe('12??p*');
		expect(containing('12 pipe')).toBe('*12 pipe*');
	});

	it('is no bound of a range where it has an operator', () => {
		expect(['A AND B', 'NOT A', 'OR'].filter(isBound)).toEqual([]);
		expect(['A and B', 'ANDREA', 'A-OR-B', ''].filter(isBound)).toHaveLength(4);
	});

	it('finds the value that it was made of, and no other', () => {
		holds(
			fc.property(text, text, (value, other) => {
				expect(finds(exactly(value), value)).toBe(true);
				if (!asMeant(value, other)) expect(finds(exactly(value), other)).toBe(false);
				expect(finds(exactly(value), null)).toBe(false);
			}),
			1_000,
		);
	});

	it('finds what contains it, begins and ends with it', () => {
		holds(
			fc.property(text, text, text, (value, before, after) => {
				expect(finds(containing(value), `${before}${value}${after}`)).toBe(true);
				expect(finds(beginningWith(value), `${value}${after}`)).toBe(true);
				expect(finds(endingWith(value), `${before}${value}`)).toBe(true);
				const whole = before + after;
				const contains = [...whole].some((_, at) =>
					asMeant(value, [...whole].slice(at, at + [...value].length).join('')),
				);
				if (!contains) expect(finds(containing(value), whole)).toBe(false);
			}),
			1_000,
		);
	});

	it('of several finds each of them, and its opposite the others', () => {
		holds(
			fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), text, (values, other) => {
				for (const value of values) expect(finds(oneOf(values), value)).toBe(true);
				if (!values.some((value) => asMeant(value, other))) {
					expect(finds(oneOf(values), other)).toBe(false);
				}
				const [first = ''] = values;
				expect(finds(not(exactly(first)), first)).toBe(false);
				if (!asMeant(first, other)) expect(finds(not(exactly(first)), other)).toBe(true);
				expect(finds(not(containing(first)), `${other}${first}`)).toBe(false);
			}),
			1_000,
		);
	});

	it('is never refused, and never a function', () => {
		holds(
			fc.property(
				anyText.filter((value) => value.trim() !== ''),
				(value) => {
					for (const make of [exactly, containing, beginningWith, endingWith, like]) {
						expect(() => finds(make(value), 'x')).not.toThrow(Refused);
					}
				},
			),
			1_000,
		);
		expect(finds(exactly('EMPTY()'), null)).toBe(false);
		expect(finds(exactly('NOTEMPTY()'), 'anything')).toBe(false);
	});

	it('has wildcards where they are asked for', () => {
		expect(finds(like('M?ller*'), 'Müller & Co (UK)')).toBe(true);
		expect(finds(like('*(UK)'), 'Price List (UK)')).toBe(true);
		expect(finds(like('100\\*'), '100*')).toBe(true);
		expect(finds(like('100\\*'), '1000')).toBe(false);
		expect(finds(like('MILLER AND *'), 'Miller and Son')).toBe(true);
		expect(finds(exactly('M*'), 'Müller')).toBe(false);
		expect(sameText('a', 'A')).toBe(true);
	});
});
