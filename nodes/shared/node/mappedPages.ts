/** Pages with each of their rows changed, one page after the other, so that no more than one is held twice. */
export async function* mappedPages<From, To>(
	pages: AsyncIterable<readonly From[]>,
	change: (row: From) => To,
): AsyncGenerator<To[], void, undefined> {
	for await (const page of pages) yield page.map(change);
}
