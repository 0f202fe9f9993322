import { randomInt } from 'node:crypto';
import { printTable } from '../support/chain/printTable';
import { runSoak } from './support/soak/soakRun';
import { countersOf, faultsFound } from './support/soak/soakVerdict';

/** The same as `npm run soak`, for so long in milliseconds. */
const DURATION_MS = 15_000;

it('a short soak: executions with both services end well while everything is troubled at random', async () => {
	const seed = Number(process.env.CHAOS_SEED ?? randomInt(2 ** 31));
	process.stdout.write(`\nsoak: CHAOS_SEED=${seed}\n`);
	const facts = await runSoak({
		...{ engine: 'sqlite', seed, durationMs: DURATION_MS },
		...{ processes: 2, lanes: 3, lifeSeconds: 2.5 },
	});
	printTable('Soak over both services', countersOf(facts));
	expect(faultsFound(facts)).toEqual([]);
	expect(Object.values(facts.struck).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(1);
	expect(facts.exact.granted).toBeGreaterThan(2);
	expect(facts.docuWare.requests).toBeGreaterThan(0);
});
