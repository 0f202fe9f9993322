const DAY_MS = 86_400_000;

/** So that the day has begun for every clock of this machine. */
const BEYOND_MS = 100;

/**
 * Waits for the next day of UTC where little is left of the present one; for tests that name a day which is taken from
 * the clock once more while they run.
 *
 * @param neededMs what the test needs of one day, in milliseconds
 */
export async function awayFromMidnight(neededMs = 30_000): Promise<void> {
	const left = DAY_MS - (Date.now() % DAY_MS);
	if (left > neededMs) return;
	await new Promise((resolve) => setTimeout(resolve, left + BEYOND_MS));
}
