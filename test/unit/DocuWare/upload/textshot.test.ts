import { textOfPages } from '../../../../nodes/DocuWare/upload/textshot';

const word = (Value: string) => ({ $type: 'Word', Value });
const line = (...words: string[]) => ({
	Items: words.flatMap((text) => [word(text), { $type: 'Space', W: 30 }]),
});
const textZone = (...lines: object[]) => ({ $type: 'TextZone', Ln: lines });
const cell = (L: number, T: number, ...lines: object[]) => ({
	L,
	T,
	TextZone: textZone(...lines),
});

describe('the text of a textshot', () => {
	it('keeps lines, zones and pages apart', () => {
		const pages = [
			{
				Items: [
					textZone(line('Invoice', '4711'), line('Peters', 'Ltd')),
					{ $type: 'PictureZone' },
					textZone(line('Total')),
				],
			},
			{ Items: [textZone(line('Page', 'two'))] },
		];
		expect(textOfPages({ Pages: pages })).toEqual([
			'Invoice 4711\nPeters Ltd\n\nTotal',
			'Page two',
		]);
	});

	it('puts the cells of a table side by side', () => {
		const table = {
			$type: 'TableZone',
			gridT: { gridCol: [100, 100], gridRow: [10, 10] },
			Cz: [
				cell(100, 10, line('Price')),
				cell(0, 10, line('Article')),
				cell(0, 20, line('Bolt'), line('M8')),
				cell(100, 20, line('1.20')),
				{ L: 200, T: 20 },
			],
		};
		expect(textOfPages({ Pages: [{ Items: [table] }] })).toEqual([
			'Article\tPrice\nBolt M8\t1.20\t',
		]);
	});

	it('takes one element without a list, and the words of the schema', () => {
		const zone = { Ln: { Wd: [{ Value: 'Hello' }, { Value: 'World' }] } };
		expect(textOfPages({ Pages: { Items: zone } })).toEqual(['Hello World']);
	});

	it.each([[{}], [{ Pages: [] }], [{ Pages: null }]])('is none of %j', (textshot) => {
		expect(textOfPages(textshot)).toEqual([]);
	});
});
