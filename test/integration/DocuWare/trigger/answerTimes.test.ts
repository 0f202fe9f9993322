import { DATA_READINGS } from '../../../simulators/DocuWare/dataSwitches';
import type { SwitchChanges } from '../../../simulators/DocuWare';
import { usePolls } from './support/pollFixture';

/** Polls where the times of answers are by another clock than those of documents, and where a clock is set back. */

const { start } = usePolls();

const MINUTE_MS = 60_000;

afterEach(() => jest.restoreAllMocks());

/** A service and a node on which time passes alike; a trigger that has begun with 40 documents that are old by then. */
async function begin(reading: SwitchChanges, events: string[]) {
	const fixture = await start(reading);
	const { simulator, store, change } = fixture;
	const real = Date.now;
	let passed = 0;
	jest.spyOn(Date, 'now').mockImplementation(() => real() + passed);
	const now = () => simulator.state.now();
	store(40, now() - 180 * MINUTE_MS);
	const trigger = fixture.publish({ events });
	expect(await trigger.ids()).toEqual([]);
	return {
		...{ ...fixture, trigger, now },
		pass: (minutes: number) => {
			simulator.advanceClock(minutes * MINUTE_MS);
			passed += minutes * MINUTE_MS;
		},
		/** Puts the clock of the node forward, or back, and leaves that of the service. */
		putNodeForward: (minutes: number) => {
			passed += minutes * MINUTE_MS;
		},
		/** Changes as many documents, a second apart. */
		changeSome: (ids: readonly number[]) => {
			for (const id of ids) change(id, now() - 1_000 * (ids.length - id));
		},
	};
}

const ids = Array.from({ length: 40 }, (_, index) => index + 1);

it.each(['asWritten' as const, ...DATA_READINGS.answerTimes.others])(
	'what was changed comes once, however long no news follow (answers: %s)',
	async (answerTimes) => {
		const { trigger, pass, changeSome, change, now } = await begin({ answerTimes }, ['changed']);
		pass(2);
		changeSome(ids);
		expect(await trigger.ids()).toEqual(ids);
		for (let polls = 0; polls < 5; polls += 1) {
			pass(11);
			expect(await trigger.ids()).toEqual([]);
		}
		change(7, now());
		expect(await trigger.ids()).toEqual([7]);
	},
);

it.each(['asWritten' as const, ...DATA_READINGS.answerTimes.others])(
	'what was changed does not come again where the clock of n8n was hours behind and is put right (answers: %s)',
	async (answerTimes) => {
		const { trigger, pass, changeSome, change, now, putNodeForward } = await begin(
			{ answerTimes },
			['changed'],
		);
		pass(2);
		changeSome(ids);
		expect(await trigger.ids()).toEqual(ids);
		pass(5);
		putNodeForward(-14 * 60);
		expect(await trigger.ids()).toEqual([]);
		change(7, now());
		expect(await trigger.ids()).toEqual([7]);
		pass(1);
		putNodeForward(14 * 60);
		expect(await trigger.ids()).toEqual([]);
		change(8, now());
		expect(await trigger.ids()).toEqual([8]);
	},
);

it.each(['asWritten' as const, ...DATA_READINGS.answerTimes.others])(
	'what is stored in the hour that comes twice is found, also by a poll an hour later (answers: %s)',
	async (answerTimes) => {
		const { simulator, trigger, pass, store, now } = await begin({ answerTimes }, ['stored']);
		pass(2);
		const before = store(3, now());
		expect(await trigger.ids()).toEqual(before);
		pass(5);
		simulator.setClockBack(60 * MINUTE_MS);
		const again = store(2, now());
		pass(60);
		expect(await trigger.ids()).toEqual(again);
		const last = store(1, now());
		expect(await trigger.ids()).toEqual(last);
		pass(11);
		expect(await trigger.ids()).toEqual([]);
	},
);
