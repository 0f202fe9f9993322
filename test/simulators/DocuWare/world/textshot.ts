/** Whether a list of one entry stands as its entry alone, which SN allows for (docs/facts/docuware.md 7.1). */
export type SingleEntries = 'list' | 'entry';

/** Left, top, width and height in twips, 1,440 to an inch. */
interface Box {
	L: number;
	T: number;
	W: number;
	H: number;
}

const lineHeight = 240;
const letterWidth = 120;

/**
 * The text of a file as text recognition gives it (docs/facts/docuware.md 7.1): pages with zones of lines
 * and words. Lines with tabs are tables, one cell for each column. Form feeds part pages.
 */
export function textshotOf(text: string, single: SingleEntries): object {
	const pages = text.split('\f').map((page) => ({
		Lang: 'en',
		SizeX: 11_900,
		SizeY: 16_840,
		HorizontalDpi: 300,
		VerticalDpi: 300,
		SkewAngle: 0,
		Rotation: 'Rotate0Degree',
		Items: zonesOf(page, single),
	}));
	return { Pages: pages };
}

function zonesOf(page: string, single: SingleEntries): object[] {
	const lines = page.split(/\r?\n/).filter((line) => line.trim() !== '');
	const blocks: Array<{ isTable: boolean; lines: string[]; top: number }> = [];
	for (const [index, line] of lines.entries()) {
		const isTable = line.includes('\t');
		const last = blocks.at(-1);
		if (last?.isTable === isTable) last.lines.push(line);
		else blocks.push({ isTable, lines: [line], top: 1000 + index * lineHeight });
	}
	return blocks.map(({ isTable, lines: own, top }) =>
		isTable ? tableZone(own, top, single) : textZone(own, 1000, top, single),
	);
}

function textZone(lines: string[], left: number, top: number, single: SingleEntries): object {
	const Ln = lines.map((line, index) => lineOf(line, left, top + index * lineHeight));
	const width = Math.max(...lines.map((line) => line.length)) * letterWidth;
	return {
		$type: 'TextZone',
		...box(left, top, width, lines.length * lineHeight),
		Ln: one(Ln, single),
	};
}

function tableZone(lines: string[], top: number, single: SingleEntries): object {
	const cells = lines.flatMap((line, row) =>
		line.split('\t').map((cell, column) => {
			const [left, cellTop] = [1000 + column * 2400, top + row * lineHeight];
			return {
				...box(left, cellTop, 2400, lineHeight),
				TextZone: textZone([cell], left, cellTop, single),
			};
		}),
	);
	return {
		$type: 'TableZone',
		...box(1000, top, 9600, lines.length * lineHeight),
		gridT: {
			gridCol: Math.max(...lines.map((line) => line.split('\t').length)),
			gridRow: lines.length,
		},
		Cz: one(cells, single),
	};
}

/** Words stand between spaces, each an item of the line. */
function lineOf(line: string, left: number, top: number): object {
	let at = left;
	const items = line.split(/(\s+)/).flatMap((piece): object[] => {
		if (piece === '') return [];
		const width = piece.length * letterWidth;
		const start = at;
		at += width;
		return piece.trim() === ''
			? [{ $type: 'Space', W: width }]
			: [{ $type: 'Word', Value: piece, ...box(start, top, width, lineHeight) }];
	});
	return { ...box(left, top, at - left, lineHeight), Items: items };
}

function box(left: number, top: number, width: number, height: number): Box {
	return { L: left, T: top, W: width, H: height };
}

function one<T>(list: T[], single: SingleEntries): T[] | T {
	const [first] = list;
	return single === 'entry' && list.length === 1 && first !== undefined ? first : list;
}
