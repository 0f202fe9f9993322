/** One run of a command, as it stands in bench/RESULTS.md. */
export interface ResultsEntry {
	/** Of the second level, without its signs. */
	heading: string;
	/** Of the entry itself. */
	title: string;
	/** Markdown: where and how it was run, tables, remarks; a paragraph each. */
	paragraphs: readonly string[];
}

/** The document with one more entry, the first below its heading; a heading that is not there comes last. */
export function withEntry(document: string, { heading, title, paragraphs }: ResultsEntry): string {
	const entry = [`### ${title}`, ...paragraphs].join('\n\n');
	const line = `## ${heading}`;
	const lines = document.trimEnd().split('\n');
	const at = lines.indexOf(line);
	if (at < 0) return `${[...lines, '', line, '', entry].join('\n')}\n`;
	const after = lines
		.slice(at + 1)
		.join('\n')
		.trimStart();
	const parts = [...lines.slice(0, at + 1), '', entry, ...(after === '' ? [] : ['', after])];
	return `${parts.join('\n')}\n`;
}

/** A table in Markdown: the names of the first row's values, then a line for each row. */
export function markdownTable(rows: readonly object[]): string {
	const names = Object.keys(rows[0] ?? {});
	const cells = rows.map((row) => {
		const values = new Map<string, unknown>(Object.entries(row));
		return names.map((name) => values.get(name));
	});
	const lines = [names, names.map(() => '---'), ...cells];
	return lines.map((line) => `| ${line.map(cellOf).join(' | ')} |`).join('\n');
}

/** What stands between two bars: one line, in which a bar of its own is no end. */
function cellOf(value: unknown): string {
	return String(value ?? '')
		.replace(/\s+/g, ' ')
		.replaceAll('|', '\\|');
}
