const actual = jest.requireActual<typeof import('node:crypto')>('node:crypto');

let drawn = 0;

/** Begins the same row of names and tokens anew. */
export function restartCrypto(): void {
	drawn = 0;
}

function draw(size: number): Buffer {
	drawn += 1;
	return actual.createHash('shake256', { outputLength: size }).update(String(drawn)).digest();
}

/** `node:crypto` whose names and bytes are no surprise, so that a seed repeats a run to the letter. */
export const seededCrypto = {
	...actual,
	randomUUID: (): string =>
		draw(16)
			.toString('hex')
			.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
	randomBytes: draw,
};
