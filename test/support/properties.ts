import { randomInt } from 'node:crypto';
import * as fc from 'fast-check';

const { PROPERTY_SEED } = process.env;

/** Of every property of this run; `PROPERTY_SEED` repeats one. */
const SEED = PROPERTY_SEED === undefined ? randomInt(2 ** 31) : Number(PROPERTY_SEED);

/**
 * Asserts a property for random values. Where it does not hold, the smallest counterexample is printed, with the
 * seed and path that repeat it.
 */
export function holds<Values>(property: fc.IProperty<Values>, runs = 200): void {
	try {
		fc.assert(property, { seed: SEED, numRuns: runs });
	} catch (error) {
		process.stdout.write(`\nPROPERTY_SEED=${SEED}\n`);
		throw error;
	}
}

/** The same for a property whose predicate is awaited. */
export async function holdsAsync<Values>(
	property: fc.IAsyncProperty<Values>,
	runs = 200,
): Promise<void> {
	try {
		await fc.assert(property, { seed: SEED, numRuns: runs });
	} catch (error) {
		process.stdout.write(`\nPROPERTY_SEED=${SEED}\n`);
		throw error;
	}
}
