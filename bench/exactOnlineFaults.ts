import { licencesOfRuns } from './docuWare/licencesOfRuns';
import { BenchHost } from './exactOnline/benchHost';
import type { Row, Told } from './exactOnline/faults/connection';
import { lostChains } from './exactOnline/faults/lostChains';
import { oneProcess, withFleet, type Place } from './exactOnline/faults/place';
import { QUEUE_STORIES, STORIES, type Story } from './exactOnline/faults/stories';
import { WAYS } from './exactOnline/faults/ways';
import { speedOfGets } from './exactOnline/singleGets';
import { markdownTable } from './results/entry';
import { writeResult } from './results/resultsFile';
import { vaultCosts } from './vault/vaultCosts';

/** Characters of a shown text that are printed. */
const TEXT_LENGTH = 300;

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const ITEMS = Number(process.env.BENCH_ITEMS ?? 1000);
const DOCUWARE_RUNS = 100;
const IDENTITIES = 200;

/** What is told of each store. */
const COSTS = [
	...['store', 'failed', 'good token µs, from the vault ms', 'cpu ms per refresh'],
	...['round trips per refresh', 'connections', 'kB per identity', 'bytes per attempt'],
];

/** What is not told in the n8n of one process that all stories share, and the speed there. */
const [SPEED, QUEUE, DOCUWARE, TOKEN] = ['speed', 'queue', 'docuware', 'token'];

const RESULTS = '--results';

/** Stores of which the cost of a token is measured: SQLite, and PostgreSQL by the round trip that is added, in ms. */
const ROUND_TRIPS_MS = [undefined, 0, 2, 5, 10];

const NAMES = [SPEED, ...Object.keys(STORIES), QUEUE, DOCUWARE, TOKEN];

/** What is printed and kept. */
const parts: string[] = [];

/**
 * `npm run bench:faults -- [speed] [parallel] [slow] [duplicate] [refused] [reconnect] [lost] [crash] [queue] [docuware]
 * [token] [--results]`: what becomes of executions, tokens and connections when something goes wrong, with this package and
 * with n8n's generic OAuth2 credential, side by side in one n8n against the simulator. Prints Markdown: a table for
 * each story, and below it what the editor shows of the first execution that failed. `queue` is told in queue mode with
 * three workers, and needs a Redis. `speed` sends BENCH_ITEMS (1,000) requests in BENCH_ROUNDS (5) rounds, one of the two
 * parts that are about time; `docuware` counts what 100 executions take of a DocuWare server; `token` measures
 * what a token costs, from memory, from each store and by a refresh. With `--results` all stands in
 * bench/RESULTS.md afterwards.
 */
async function main(): Promise<void> {
	const given = process.argv.slice(2);
	const named = given.filter((name) => name !== RESULTS);
	const unknown = named.find((name) => !NAMES.includes(name));
	if (unknown !== undefined) throw new Error(`No story ${unknown}: ${NAMES.join(', ')}`);
	const wants = (name = '') => named.length === 0 || named.includes(name);
	const chosen = Object.entries(STORIES).flatMap(([name, stories]) => (wants(name) ? stories : []));
	if (wants(SPEED) || chosen.length > 0) await inOneProcess(chosen, wants(SPEED));
	if (wants(QUEUE)) await withFleet(async (place) => await tellAll(place, QUEUE_STORIES));
	if (wants(DOCUWARE)) await tellOfDocuWare();
	if (wants(TOKEN)) await tellOfTokens();
	if (!given.includes(RESULTS)) return;
	writeResult({
		heading: "When something goes wrong: this package beside n8n's generic OAuth2 credential",
		outcome: named.length === 0 ? 'all stories in one run' : named.join(', '),
		command: `npm run bench:faults -- ${given.join(' ')}`,
		paragraphs: parts,
	});
}

async function inOneProcess(stories: readonly Story[], wantsSpeed: boolean): Promise<void> {
	const connections = stories.reduce((sum, story) => sum + story.connections, 0);
	const host = await BenchHost.start(connections * WAYS.length + 1, true);
	try {
		if (wantsSpeed) {
			const rows = await speedOfGets(host, ITEMS, ROUNDS);
			print(`Speed: ${ITEMS} single GETs, medians of ${ROUNDS} rounds in turns`, [
				markdownTable(rows),
			]);
		}
		await tellAll(oneProcess(host.exact), stories);
	} finally {
		await host.dispose();
	}
}

async function tellAll(place: Place, stories: readonly Story[]): Promise<void> {
	const { simulator } = place.exact;
	for (const story of stories) {
		simulator.configure({ accessTokenLifeSeconds: 600, grace: 'none' });
		simulator.reset();
		const told = await story.tell(place.exact);
		simulator.configure({ accessTokenLifeSeconds: 600 });
		simulator.reset();
		printStory(story, told, await lostChains(place, told));
	}
}

async function tellOfDocuWare(): Promise<void> {
	const rows = await licencesOfRuns(DOCUWARE_RUNS);
	print(`${DOCUWARE_RUNS} executions with DocuWare at once`, [
		markdownTable(rows),
		'The server takes 60 log-ons in a minute and answers the others with 429 (docs/facts/docuware.md).',
	]);
}

async function tellOfTokens(): Promise<void> {
	const setups = ROUND_TRIPS_MS.map((roundTripMs) => ({ identities: IDENTITIES, roundTripMs }));
	const rows = await vaultCosts(setups);
	const told = rows.map((row) => Object.fromEntries(COSTS.map((name) => [name, row[name] ?? ''])));
	print(`What a token costs: ${IDENTITIES} identities`, [markdownTable(told)]);
}

function printStory({ title }: Story, told: readonly Told[], lost: readonly boolean[]): void {
	const table = markdownTable(told.map(({ row }, index) => cellsOf(row, lost[index] === true)));
	const texts = told
		.filter(({ row }) => row.text !== '')
		.map(({ row: { way, text } }) => `- ${way}: "${text.slice(0, TEXT_LENGTH)}"`)
		.join('\n');
	print(title, texts === '' ? [table] : [table, texts]);
}

function print(title: string, paragraphs: readonly string[]): void {
	const text = [`#### ${title}`, ...paragraphs].join('\n\n');
	parts.push(text);
	process.stdout.write(`\n${text}\n`);
}

function cellsOf(row: Row, isLost: boolean): Record<string, string | number> {
	return {
		Way: row.way,
		Executions: row.executions,
		Failed: row.failed,
		'Token POSTs': row.tokenPosts,
		'Old-token uses': row.oldTokenUses,
		'Too early': row.tooEarly,
		'Calls with an ended token': row.expiredCalls,
		'401s': row.unauthorized,
		'Chain lost': isLost ? 'yes' : 'no',
	};
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
