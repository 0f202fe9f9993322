import type { EdmValue } from './edm';

/** Fields whose texts have a fixed width, and that width (docs/facts/exact-online.md 4.4). */
const WIDTHS: ReadonlyArray<readonly [name: RegExp, width: number]> = [
	[/^(?:Country|\w*V[Aa][Tt]Code)$/, 3],
	[/^Language$/, 10],
];

/** The value as it comes out of a column of fixed width: with blanks on the right. */
export function padded(name: string, value: EdmValue): EdmValue {
	const width = WIDTHS.find(([pattern]) => pattern.test(name))?.[1];
	return width === undefined || typeof value !== 'string' ? value : value.padEnd(width, ' ');
}

/** The value as it is kept. */
export function unpadded(name: string, value: EdmValue): EdmValue {
	const isPadded = WIDTHS.some(([pattern]) => pattern.test(name));
	return isPadded && typeof value === 'string' ? value.trimEnd() : value;
}
