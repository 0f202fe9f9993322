import { useEmptyVault } from '../support/numberPolls';
import { BeginningWorld, UNDISTURBED, type Version } from './support/beginningWorld';

/** Starts of a node that n8n polls with, or has polled with. */

useEmptyVault();
afterEach(() => jest.restoreAllMocks());

type Start = Version['start'];

let worlds = 0;

/** A world in which each step comes a minute after the one before. */
function newWorld() {
	worlds += 1;
	const world = new BeginningWorld(`starts ${worlds}`);
	const of = (start: Start): Version => ({ settings: 'few', start });
	const wait = () => (world.now += 60_000);
	return {
		publish: async (start: Start, isRefusedLater = false) => {
			wait();
			await world.publish(of(start), { ...UNDISTURBED, isRefusedLater });
		},
		/** n8n starts with a version that was published while it was down, and plans its polls without a first one. */
		begin: async (start: Start) => {
			wait();
			await world.start(of(start), UNDISTURBED, false);
		},
		poll: async (times = 1) => {
			for (let polls = 0; polls < times; polls += 1) {
				wait();
				await world.poll();
			}
			return world.outputs.at(-1);
		},
		record: () => {
			wait();
			world.record('a');
		},
		faults: () => {
			const { missing, unmarkedRepeats, tooOld } = world;
			return [...missing, ...unmarkedRepeats, ...tooOld];
		},
		last: () => world.outputs.at(-1),
	};
}

it('a start is over once n8n has polled twice with another one, although it did so without publishing it', async () => {
	const world = newWorld();
	await world.publish('one');
	await world.poll();
	await world.begin('two');
	await world.poll(2);
	world.record();
	expect(await world.poll()).toEqual(['a0']);
	await world.publish('one');
	expect(world.last()).toEqual([]);
	world.record();
	expect(await world.poll()).toEqual(['a1']);
	expect(world.faults()).toEqual([]);
});

it('one poll with another start, as by an n8n that is still on its way out, ends none', async () => {
	const world = newWorld();
	await world.publish('one');
	await world.poll();
	await world.begin('two');
	await world.poll();
	await world.begin('one');
	world.record();
	expect(await world.poll()).toEqual(['a0']);
	await world.begin('two');
	expect(await world.poll()).toEqual(['a0']);
	await world.begin('one');
	// Of a process that has ended since.
	expect(await world.poll()).toEqual(['a0 again']);
});

it.each([1, 2, 8])(
	'the start that n8n polls with goes on after %s other publishings that n8n has refused',
	async (refused) => {
		const world = newWorld();
		await world.publish('one');
		await world.poll();
		await world.begin('two');
		await world.poll();
		const tried = Array.from({ length: refused }, (_, index) => `tried ${index}` as Start);
		for (const start of tried) await world.publish(start, true);
		world.record();
		expect(await world.poll()).toEqual(['a0']);
		expect(world.faults()).toEqual([]);
	},
);
