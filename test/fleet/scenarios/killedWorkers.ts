import { printTable } from '../../support/chain/printTable';
import { until } from '../../support/until';
import { connectedAndEnded, letWindowOpen, type Connected } from '../support/connected';
import type { Fleet } from '../support/fleet';
import { holdRefresh } from '../support/heldRefresh';
import { SIZE, SIZE_NAME } from '../support/size';

/** Executions that need the token whose request is cut off. */
const AT_ONCE = 5;

/**
 * When the worker dies: Exact has the request and has done nothing; it has issued a pair whose answer nobody gets; the
 * new pair is saved.
 */
const KILL_POINTS = ['received', 'issued', 'saved'] as const;

type KillPoint = (typeof KILL_POINTS)[number];

/** Workers that are killed with SIGKILL while they renew a token, in both readings of what a spent token is worth. */
export function killedWorkers(fleet: () => Fleet): void {
	/** Kills the worker that renews the token; it is started again beside what follows. */
	async function killAt(point: KillPoint, connected: Connected): Promise<string> {
		const { simulator } = fleet().exact;
		const held = await holdRefresh(
			fleet(),
			connected,
			point === 'received' ? 'tokenReceived' : 'tokenProcessed',
			AT_ONCE,
		);
		if (point === 'saved') {
			const { generation } = await fleet().recordOf(connected.identity);
			held.held.release();
			const saved = async () =>
				(await fleet().recordOf(connected.identity)).generation > generation;
			await until(saved, { pollMs: 20 });
		}
		if (point === 'issued') letWindowOpen(fleet(), connected);
		await held.worker.kill();
		held.held.drop();
		simulator.holds.clear('drop');
		restarts.push(held.worker.startAgain());
		return held.worker.name;
	}

	const restarts: Array<Promise<void>> = [];

	/** Where only one would be left that takes executions, it is waited for. */
	async function twoAreLeft(): Promise<void> {
		await Promise.all(restarts.splice(0, Math.max(0, restarts.length - 1)));
	}

	/**
	 * What the killed worker had not begun is done by the others, and one execution more comes afterwards: it may have
	 * had all of them.
	 */
	async function endingsWithOneMore(connected: Connected) {
		await fleet().endings(connected.workflow, AT_ONCE);
		await connected.start();
		return await fleet().endings(connected.workflow, AT_ONCE + 1);
	}

	afterEach(async () => void (await Promise.all(restarts.splice(0))));

	const names = (reading: string) =>
		Array.from({ length: SIZE.kills }, (_, index) => `${reading} ${index + 1}`);

	/** How many workers were killed at which point, and how many chains were lost by that. */
	function remark(table: ReadonlyArray<Record<string, unknown>>): void {
		const points = KILL_POINTS.map((point) => {
			const killed = table.filter((row) => row['point'] === point);
			const lost = killed.filter(({ state }) => state !== 'active');
			return `${killed.length} killed when ${point} (${lost.length} chains lost)`;
		});
		fleet().remarks.push(...points);
	}

	const pointOf = (index: number) => KILL_POINTS[index % KILL_POINTS.length] ?? 'issued';

	const tokenPosts = ({ identity }: Connected) => fleet().exact.tokenPosts(identity);

	it('with grace no chain is lost, and no execution fails but those of the killed worker', async () => {
		const { simulator } = fleet().exact;
		const chains = await connectedAndEnded(fleet(), names('Killed, grace'));
		simulator.configure({ grace: 'untilNewIsUsed' });
		const table: Array<Record<string, unknown>> = [];
		for (const [index, connected] of chains.entries()) {
			const point = pointOf(index);
			await twoAreLeft();
			const killed = await killAt(point, connected);
			const endings = await endingsWithOneMore(connected);
			const { success = 0, ...failures } = endings;
			const { state } = await fleet().recordOf(connected.identity);
			table.push({ point, killed, success, failures: JSON.stringify(failures), state });
			expect({ point, failures, state }).toEqual({ point, failures: {}, state: 'active' });
			expect(tokenPosts(connected)).toBe(point === 'saved' ? 1 : 2);
		}
		printTable(`Workers killed during a refresh, with grace (${SIZE_NAME})`, table);
		remark(table);
		simulator.configure({ grace: 'none' });
	});

	it('without grace a chain lives unless Exact had issued the pair that nobody received; then one error says so', async () => {
		const chains = await connectedAndEnded(fleet(), names('Killed, no grace'));
		const table: Array<Record<string, unknown>> = [];
		for (const [index, connected] of chains.entries()) {
			const point = pointOf(index);
			await twoAreLeft();
			const killed = await killAt(point, connected);
			const endings = await endingsWithOneMore(connected);
			const { state } = await fleet().recordOf(connected.identity);
			const { success = 0, ...failures } = endings;
			const texts = Object.keys(failures);
			table.push({ point, killed, success, failed: Object.values(failures).join(), state });
			const posts = tokenPosts(connected);
			if (point === 'issued') {
				expect({ success, state, texts: texts.length, posts }).toEqual({
					...{ success: 0, state: 'broken', texts: 1, posts: 2 },
				});
				expect(texts[0]).toContain('[EXACT_OLD_REFRESH_TOKEN]');
				expect(texts[0]).toContain('press Connect');
			} else {
				const expected = { texts: [], state: 'active', posts: point === 'saved' ? 1 : 2 };
				expect({ texts, state, posts }).toEqual(expected);
			}
		}
		printTable(`Workers killed during a refresh, without grace (${SIZE_NAME})`, table);
		remark(table);
	});
}
