import * as fc from 'fast-check';
import { holdsAsync } from '../../../../support/properties';
import { useEmptyVault } from '../support/numberPolls';
import { BeginningWorld, UNDISTURBED, type Course, type Version } from './support/beginningWorld';

useEmptyVault();
afterEach(() => jest.restoreAllMocks());

type Thing = Parameters<BeginningWorld['record']>[0];

type Step =
	| { do: 'record'; thing: Thing }
	| { do: 'hide'; thing: Thing | undefined }
	| { do: 'poll'; course: Course }
	| { do: 'start'; version: Version | undefined; course: Course; hasPoll: boolean }
	| { do: 'publish'; version: Version; course: Course; isWrong: boolean };

const things = fc.constantFrom<Thing[]>('a', 'b', 'c', 'd', 'x', 'y');

const versions: fc.Arbitrary<Version> = fc.record({
	settings: fc.constantFrom('few', 'others', 'all', 'elsewhere'),
	start: fc.constantFrom('one', 'one', 'one', 'two', 'two', 'three', 'four'),
});

const turns = fc.integer({ min: 0, max: 4 });

const undisturbed: fc.Arbitrary<Course> = fc
	.record({ isDown: fc.boolean(), turns })
	.map((course) => ({ ...UNDISTURBED, ...course }));

const disturbed: fc.Arbitrary<Course> = fc.record({
	isDown: fc.constantFrom(false, false, true),
	turns,
	vaultFailsAt: fc.constantFrom(0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8),
	isKilled: fc.boolean(),
	otherHostAt: fc.constantFrom(99, 99, 0, 1, 2, 4),
	isRefusedLater: fc.constantFrom(false, false, true),
});

/** Nothing fails of itself: n8n refuses, or another host polls. */
const quiet: fc.Arbitrary<Course> = fc
	.record({ otherHostAt: fc.constantFrom(99, 1, 2, 4), isRefusedLater: fc.boolean() })
	.map((course) => ({ ...UNDISTURBED, ...course }));

const record = fc.record({ do: fc.constant('record' as const), thing: things });

const hide = fc.record({
	do: fc.constant('hide' as const),
	thing: fc.constantFrom<Array<Thing | undefined>>('b', 'd', undefined),
});

const poll = (course: fc.Arbitrary<Course>) =>
	fc.record({ do: fc.constant('poll' as const), course });

const start = (course: fc.Arbitrary<Course>) =>
	fc.record({
		...{ do: fc.constant('start' as const), course },
		version: fc.option(versions, { nil: undefined }),
		hasPoll: fc.constantFrom(true, true, false),
	});

const publish = (course: fc.Arbitrary<Course>, isWrong: fc.Arbitrary<boolean>) =>
	fc.record({ do: fc.constant('publish' as const), version: versions, course, isWrong });

let worlds = 0;

/** @param isTried refused publishings are tried */
async function worldAfter(steps: readonly Step[], isTried = true): Promise<BeginningWorld> {
	worlds += 1;
	const world = new BeginningWorld(`model ${worlds}`);
	for (const step of steps) {
		world.now += 60_000;
		if (step.do === 'record') world.record(step.thing);
		else if (step.do === 'hide') world.hide(step.thing);
		else if (step.do === 'poll') await world.poll(step.course);
		else if (step.do === 'start') await world.start(step.version, step.course, step.hasPoll);
		else if (!step.isWrong || isTried) {
			await world.publish(step.version, step.course, step.isWrong);
		}
	}
	world.now += 60_000;
	await world.end();
	return world;
}

it('nothing is lost that came after an accepted publishing which asked for it, what comes again is marked, and nothing comes from before', async () => {
	const step = fc.oneof(
		...[record, record, hide, poll(disturbed), poll(undisturbed)],
		...[start(disturbed), start(undisturbed)],
		...[publish(disturbed, fc.boolean()), publish(quiet, fc.boolean())],
	);
	let given = 0;
	await holdsAsync(
		fc.asyncProperty(fc.array(step, { maxLength: 14, size: 'max' }), async (steps) => {
			const { missing, unmarkedRepeats, tooOld, outputs } = await worldAfter(steps);
			expect({ missing, unmarkedRepeats, tooOld }).toEqual({
				...{ missing: [], unmarkedRepeats: [], tooOld: [] },
			});
			given += outputs.flat().length;
		}),
		400,
	);
	expect(given).toBeGreaterThan(0);
}, 60_000);

it('a publishing that is refused changes nothing', async () => {
	const refused = publish(
		turns.map((some) => ({ ...UNDISTURBED, turns: some })),
		fc.constant(true),
	);
	const accepted = publish(undisturbed, fc.constant(false));
	const step = fc.oneof(
		...[record, record, hide, poll(undisturbed), start(undisturbed)],
		...[accepted, refused],
	);
	await holdsAsync(
		fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
			const tried = await worldAfter(steps);
			const untried = await worldAfter(steps, false);
			expect(tried.outputs).toEqual(untried.outputs);
		}),
		80,
	);
}, 60_000);
