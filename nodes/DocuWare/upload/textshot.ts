import { isRecord } from '../../shared/http';

type Element = Readonly<Record<string, unknown>>;

/**
 * The pages of a textshot as texts (docs/facts/docuware.md 7.5): a line for each line, an empty line between zones, the
 * cells of a table side by side with tabs between them.
 */
export function textOfPages(textshot: Element): string[] {
	return elements(textshot.Pages).map((page) =>
		elements(page.Items)
			.map(zoneText)
			.filter((text) => text !== '')
			.join('\n\n'),
	);
}

/** Zones of pictures and lines hold no text. */
function zoneText(zone: Element): string {
	const cells = elements(zone.Cz);
	return cells.length > 0 ? tableText(cells) : linesText(zone);
}

function linesText(zone: Element): string {
	return elements(zone.Ln).map(lineText).join('\n');
}

/** Words stand in `Items` among spaces; the schema calls them `Wd`. */
function lineText(line: Element): string {
	return [...elements(line.Items), ...elements(line.Wd)]
		.map(({ Value }) => (typeof Value === 'string' ? Value : ''))
		.filter((word) => word !== '')
		.join(' ');
}

/** Cells whose tops are on one height are a row. */
function tableText(cells: readonly Element[]): string {
	const rows = new Map<number, Element[]>();
	for (const cell of cells) {
		const top = place(cell.T);
		rows.set(top, [...(rows.get(top) ?? []), cell]);
	}
	return [...rows]
		.sort(([one], [other]) => one - other)
		.map(([, row]) => row.sort((one, other) => place(one.L) - place(other.L)).map(cellText))
		.map((texts) => texts.join('\t'))
		.join('\n');
}

/** In one line, so that a row stays one. */
function cellText({ TextZone: zone }: Element): string {
	return isRecord(zone) ? linesText(zone).replaceAll('\n', ' ') : '';
}

function place(value: unknown): number {
	const number = Number(value ?? 0);
	return Number.isFinite(number) ? number : 0;
}

/** One element may stand without a list around it. */
function elements(value: unknown): Element[] {
	const list: unknown[] = Array.isArray(value) ? value : [value];
	return list.filter(isRecord);
}
