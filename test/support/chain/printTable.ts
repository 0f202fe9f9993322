/** Prints a table to the test's output: a title, then one line per row, columns aligned. */
export function printTable(title: string, rows: ReadonlyArray<Record<string, unknown>>): void {
	const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
	const lines = [names, ...rows.map((row) => names.map((name) => String(row[name] ?? '')))];
	const widths = names.map((_name, column) =>
		Math.max(...lines.map((line) => line[column]?.length ?? 0)),
	);
	const text = lines.map((line) =>
		line
			.map((cell, column) => cell.padEnd(widths[column] ?? 0))
			.join('  ')
			.trimEnd(),
	);
	process.stdout.write(`\n${title}\n${text.map((line) => `  ${line}\n`).join('')}`);
}
