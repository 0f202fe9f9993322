import type { PlatformResource } from '../../../../../nodes/DocuWare/api/platformClient';
import { IdOrder, mergedById } from '../../../../../nodes/DocuWare/resources/document/idPages';

it('a hundred searches are begun a few at a time, and their documents come once, in order', async () => {
	let underWay = 0;
	let most = 0;
	async function* pages(first: number): AsyncGenerator<PlatformResource[]> {
		for (const id of [first, first + 1]) {
			underWay += 1;
			most = Math.max(most, underWay);
			await new Promise(setImmediate);
			underWay -= 1;
			yield [{ Id: id, FileCabinetId: 'fc' }];
		}
	}
	const lists = Array.from({ length: 100 }, (_none, index) => pages(100 - index));
	const ids: number[] = [];
	for await (const page of mergedById(lists, new IdOrder('Asc', false))) {
		ids.push(...page.map(({ Id: id }) => Number(id)));
	}
	expect(ids).toEqual(Array.from({ length: 101 }, (_none, index) => index + 1));
	expect(most).toBe(4);
});
