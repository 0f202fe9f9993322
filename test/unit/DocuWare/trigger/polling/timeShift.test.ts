import * as fc from 'fast-check';
import { checkedShift } from '../../../../../nodes/DocuWare/trigger/polling/timeShift';

const QUARTER_MS = 15 * 60_000;
const known = { id: 7, at: Date.UTC(2026, 10, 26, 12, 0, 0, 345), digest: '' };

/** A service that reads times of a search as so much later than it writes them. */
function service(later: number, isThere = () => true) {
	const asked: Array<number | undefined> = [];
	const finds = async ({ at }: typeof known, from?: number) => {
		asked.push(from);
		return await Promise.resolve(isThere() && (from === undefined || from + later <= at));
	};
	return { asked, finds };
}

it('whatever zone a service reads times in, a search with the shift begins at the document, or before it', async () => {
	await fc.assert(
		fc.asyncProperty(fc.integer({ min: -56, max: 56 }), async (quarters) => {
			const { finds, asked } = service(quarters * QUARTER_MS);
			const shift = await checkedShift(known, finds, 0);
			expect(shift).toBe(Math.min(0, -quarters * QUARTER_MS) + 0);
			expect(asked.length).toBeLessThan(12);
		}),
	);
});

it('what was right before is asked first, and no shift next', async () => {
	const right = service(QUARTER_MS);
	expect(await checkedShift(known, right.finds, -QUARTER_MS)).toBe(-QUARTER_MS);
	expect(right.asked).toHaveLength(1);
	// A search that begins too early loses nothing.
	expect(await checkedShift(known, service(0).finds, -QUARTER_MS)).toBe(-QUARTER_MS);
	expect(await checkedShift(known, service(-QUARTER_MS).finds, 0)).toBe(0);
});

it('a document that is gone by now says nothing', async () => {
	expect(await checkedShift(known, service(0, () => false).finds, -QUARTER_MS)).toBe(-QUARTER_MS);
});

it('a document that no search by time finds is an error', async () => {
	const { finds } = service(100 * 3_600_000);
	await expect(checkedShift(known, finds, 0)).rejects.toMatchObject({
		code: 'DOCUWARE_UNEXPECTED_ANSWER',
	});
});
