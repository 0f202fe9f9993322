import { DATA_READINGS } from '../../../simulators/DocuWare/dataSwitches';
import type { SwitchChanges } from '../../../simulators/DocuWare';
import { usePolls } from './support/pollFixture';

const { start } = usePolls();

const HOUR_MS = 3_600_000;

afterEach(() => jest.restoreAllMocks());

/** A service and a node on which hours may pass. */
async function begin(reading?: SwitchChanges) {
	const fixture = await start(reading);
	const real = Date.now;
	let passed = 0;
	jest.spyOn(Date, 'now').mockImplementation(() => real() + passed);
	const publishing = (parameters = {}) => fixture.publish(parameters, { activation: 'activate' });
	/** Stores a document in half an hour, and half an hour passes then. */
	const storeLater = () => {
		fixture.store(1, fixture.simulator.state.now() + HOUR_MS / 2);
		fixture.simulator.advanceClock(HOUR_MS);
		passed += HOUR_MS;
	};
	storeLater();
	const pass = (ms: number) => {
		fixture.simulator.advanceClock(ms);
		passed += ms;
	};
	return { ...fixture, publishing, storeLater, pass };
}

it('a publishing that a wrong setting forbids is no beginning', async () => {
	const { publishing, publish, storeLater } = await begin();
	const wrong = publishing({ events: ['stored', 'changed', 'moved'] });
	await expect(wrong.poll()).rejects.toThrow('[DOCUWARE_INVALID_PARAMETER]');
	storeLater();
	expect(await publishing().ids()).toEqual([]);
	storeLater();
	expect(await publish().ids()).toEqual([3]);
});

it('an event that is chosen later begins at that publishing, though DocuWare does not answer then', async () => {
	const { simulator, publishing, publish, storeLater, change } = await begin();
	expect(await publishing().ids()).toEqual([]);
	storeLater();
	const both = { events: ['stored', 'changed'] };
	simulator.faults.push({ kind: 'status', status: 503, times: Infinity });
	expect(await publishing(both).poll()).toEqual([]);
	simulator.faults.clear();
	change(1, simulator.state.now() + HOUR_MS / 2);
	storeLater();
	expect(await publish(both).documents()).toMatchObject([
		{ event: 'stored', documentId: 2 },
		{ event: 'stored', documentId: 3 },
		{ event: 'changed', documentId: 1 },
	]);
});

/** A trigger on a file cabinet or a tray, and what happens while its first poll is under way. */
async function beginAt(place: string) {
	const fixture = await begin();
	const { simulator, store, publishing, pass } = fixture;
	const isTray = place === 'tray';
	const value = simulator.world.fileCabinets.find(({ isBasket }) => isBasket === isTray)?.id ?? '';
	const where = { place, fileCabinetId: { __rl: true, mode: 'id', value } };
	const storeThere = (count: number, agoMs = 0) =>
		store(count, simulator.state.now() - agoMs, value);
	/** The first poll, within which a document is stored between these times: its number, and what the poll gives. */
	const storeMeanwhile = async (parameters: object, beforeMs: number, afterMs: number) => {
		pass(2_000);
		const hold = simulator.holds.hold('platform.received', { where: { path: 'FileCabinets' } });
		const polled = publishing(parameters).ids();
		const first = await hold.waiting();
		pass(beforeMs);
		const news = storeThere(1);
		pass(afterMs);
		first.release();
		return { news, polled: await polled };
	};
	return { ...fixture, where, storeThere, storeMeanwhile };
}

describe.each(['cabinet', 'tray'])('while the first poll is under way: %s', (place) => {
	it('what is stored is new', async () => {
		const { publish, where, storeThere, storeMeanwhile } = await beginAt(place);
		storeThere(1);
		const { news, polled } = await storeMeanwhile(where, 4_000, 3_000);
		expect(polled).toEqual(news);
		expect(await publish(where).ids()).toEqual([]);
	});

	it('what is stored does not make those new that stand behind the page with it', async () => {
		const { publish, where, storeThere, storeMeanwhile } = await beginAt(place);
		const selected = { ...where, output: 'selected', fieldsToReturn: ['documentId'] };
		for (let second = 0; second < 60; second += 1) storeThere(20, 110_000 + 1_000 * second);
		const { news, polled } = await storeMeanwhile(selected, 5_000, 1_000);
		expect(polled).toEqual(news);
		expect(await publish(selected).ids()).toEqual([]);
	});
});

it.each([
	['another event is chosen', { events: ['stored', 'changed'] }],
	['nothing is changed', {}],
])(
	'a publishing that DocuWare has not answered keeps its moment where %s then',
	async (_what, other) => {
		const { simulator, publishing, publish, storeLater } = await begin();
		simulator.faults.push({ kind: 'status', status: 503, times: Infinity });
		expect(await publishing().poll()).toEqual([]);
		simulator.faults.clear();
		storeLater();
		expect(await publishing(other).ids()).toEqual([2]);
		storeLater();
		expect(await publish(other).ids()).toEqual([3]);
	},
);

it('a publishing that DocuWare has not answered keeps its moment where the next one is refused', async () => {
	const { simulator, publishing, storeLater } = await begin();
	simulator.faults.push({ kind: 'status', status: 503, times: Infinity });
	expect(await publishing().poll()).toEqual([]);
	simulator.faults.clear();
	storeLater();
	const route = 'FileCabinets/{fileCabinetId}/Query/DialogExpression';
	simulator.faults.push({
		kind: 'status',
		status: 403,
		times: Infinity,
		where: { tags: { route } },
	});
	await expect(publishing().poll()).rejects.toThrow('[DOCUWARE_FORBIDDEN]');
	simulator.faults.clear();
	storeLater();
	expect(await publishing().ids()).toEqual([2, 3]);
});

const otherTimes = DATA_READINGS.answerTimes.others.flatMap((answerTimes) =>
	['cabinet', 'tray'].map((place) => ({ answerTimes, place })),
);

it.each(otherTimes)(
	'where answers show another time than documents, a first answer that comes late makes no old document new, and hides none that comes then: %j',
	async ({ answerTimes, place }) => {
		const { simulator, store, publishing, publish, pass } = await begin({ answerTimes });
		const isTray = place === 'tray';
		const value =
			simulator.world.fileCabinets.find(({ isBasket }) => isBasket === isTray)?.id ?? '';
		const where = { place, fileCabinetId: { __rl: true, mode: 'id', value } };
		for (let minute = 90; minute > 0; minute -= 10) {
			store(1, simulator.state.now() - minute * 60_000, value);
		}
		simulator.faults.push({ kind: 'status', status: 503, times: Infinity });
		expect(await publishing(where).poll()).toEqual([]);
		simulator.faults.clear();
		pass(60_000);
		expect(await publish(where).ids()).toEqual([]);
		pass(60_000);
		const news = store(1, simulator.state.now() - 1_000, value);
		expect(await publish(where).ids()).toEqual(news);
		expect(await publish(where).ids()).toEqual([]);
	},
);
