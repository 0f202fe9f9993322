import { isLimited } from '../../../../nodes/DocuWare/search/expression';

const condition = (...Value: Array<string | null>) => ({ DBName: 'COMPANY', Value });
const peters = condition('"Peters"');

describe('an expression leaves out some documents', () => {
	it.each([
		['a text', '"Peters"'],
		['a mark that is meant literally', '"?"'],
		['an escaped wildcard', '*\\**'],
		['emptiness', 'NOTEMPTY()'],
		['alternatives', '"a" OR "b"'],
		['two texts', '* AND "b"'],
	])('by %s (%s)', (_what, text) => {
		expect(isLimited({ operation: 'And', groups: [[condition(text)]] })).toBe(true);
	});

	it.each(['*', '?*', ' ** ', '"*"', '""', '"a" OR *', '* AND ?'])('but not by %s', (text) => {
		expect(isLimited({ operation: 'And', groups: [[condition(text)]] })).toBe(false);
		expect(isLimited({ operation: 'Or', groups: [[peters], [condition(text)]] })).toBe(false);
		expect(isLimited({ operation: 'And', groups: [[peters], [condition(text)]] })).toBe(true);
	});

	it('by a bound, and not without any condition', () => {
		expect(isLimited({ operation: 'And', groups: [[condition('1', null)]] })).toBe(true);
		expect(isLimited({ operation: 'And', groups: [] })).toBe(false);
		expect(isLimited({ operation: 'Or', groups: [] })).toBe(false);
	});
});
