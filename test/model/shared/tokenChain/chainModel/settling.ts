import { MINUTE, PROCESSES } from '../../../support/simulatedWorld';
import type { CredentialName } from './credentials';
import { CREDENTIALS } from './credentials';
import type { ModelWorld } from './modelWorld';
import { LIFE_MS } from './requestBook';

/** Token lives in which honest use has to bring the chain back: one for each pair that may be tried. */
const LIVES = 8;

/** Those who log in for the user. */
const HONEST = ['owner', 'second'] as const;

/** Honest use after everything: what was received is not lost, and a reconnect heals. */
export async function settle(world: ModelWorld): Promise<void> {
	const { service, stored, past } = world;
	await useEverywhere(world, CREDENTIALS);
	if (world.fellBackAt > -Infinity) {
		// A process brings in what it remembers when it next has to renew.
		await world.advance(LIFE_MS + MINUTE);
		await useEverywhere(world, CREDENTIALS);
	}
	const { received, knownDead } = service;
	const newest = Math.max(...[...received].filter((generation) => !knownDead.has(generation)));
	// A log-in's secret is in a provisional record until it is identified, and beside the record then.
	if (!past.clockSetBack && stored.newestKept < newest) {
		world.note(
			`the store holds secret ${stored.newestKept}, but ${newest} was received and not lost`,
		);
	}
	await live(world);
	await reconnect(world);
	const isExcused = world.setup.mutation !== undefined || world.disturbed || world.agesMislead;
	if (!isExcused && service.tooEarly > 0) {
		world.note('a token request came too early');
	}
}

/** While the store holds the live secret, as the record's own or beside it, its owner must be served. */
async function live(world: ModelWorld): Promise<void> {
	const { service, stored, past } = world;
	if (!stored.kept.has(service.liveGeneration)) return;
	// What a later log-in ended before it was ever used belongs to nobody that anybody knows.
	if (!world.hasServed(ownerOf(world))) return;
	// A log-in that the store has lost is to be done again, though a pair that came of it may be back.
	if (world.hasLost(ownerOf(world))) return;
	// Nor can anybody tell a new client secret from an invented one before the service has taken it.
	if (!service.isProved(service.clientSecret)) return;
	let granted = false;
	for (let lives = 0; lives < LIVES && !granted; lives += 1) {
		await world.advance(LIFE_MS + MINUTE);
		// Whose a log-in is nobody knows before its own credential has run with a living token.
		if (!stored.identified.has(service.liveGeneration)) await useEverywhere(world, HONEST);
		const before = world.counts.granted ?? 0;
		await useEverywhere(world, [ownerOf(world)]);
		granted = (world.counts.granted ?? 0) - before === PROCESSES;
		granted &&= stored.generation === service.liveGeneration;
	}
	if (!granted && !past.clockSetBack) {
		world.note(`the chain did not come back within ${LIVES} token lives`);
	}
	await useEverywhere(world, ['wrongSecret', ownerOf(world)]);
}

async function reconnect(world: ModelWorld): Promise<void> {
	const { service, stored, past } = world;
	if (past.clockSetBack) return;
	const owner = ownerOf(world);
	world.logIn(owner, 'told');
	const granted = world.counts.granted ?? 0;
	await useEverywhere(world, [owner]);
	if ((world.counts.granted ?? 0) - granted !== PROCESSES) {
		world.note('a reconnect did not heal the connection in every process');
	}
	if (!stored.kept.has(service.liveGeneration)) {
		world.note('after a reconnect the store does not hold the live secret');
	}
}

async function useEverywhere(
	world: ModelWorld,
	credentials: readonly CredentialName[],
): Promise<void> {
	for (const credential of credentials) {
		for (let index = PROCESSES - 1; index >= 0; index -= 1) {
			world.request(index, credential);
			await world.settled();
		}
	}
}

/** Whoever the identity is registered to. */
function ownerOf({ stored }: ModelWorld): 'owner' | 'second' {
	return stored.record?.ownerId === 'second' ? 'second' : 'owner';
}
