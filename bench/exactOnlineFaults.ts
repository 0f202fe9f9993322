import { ExactHost } from '../test/e2e/support/exactHost';
import type { Row } from './exactOnline/faults/connection';
import { lostChains } from './exactOnline/faults/lostChains';
import { STORIES, type Story } from './exactOnline/faults/stories';
import { WAYS } from './exactOnline/faults/ways';

/** Characters of a shown text that are printed. */
const TEXT_LENGTH = 300;

const HEAD = [
	...['Way', 'Executions', 'Failed', 'Token POSTs', 'Old-token uses', 'Too early'],
	...['Calls with an ended token', '401s', 'Chain lost'],
];

/**
 * `npm run bench:faults -- [parallel] [slow] [duplicate] [refused] [reconnect] [lost] [crash]`: what becomes of
 * executions, tokens and connections when something goes wrong, with this package and with n8n's generic OAuth2
 * credential, side by side in one n8n against the simulator. Prints Markdown: a table for each story, and below it
 * what the editor shows of the first execution that failed. Counts alone: nothing here is a time.
 */
async function main(): Promise<void> {
	const named = process.argv.slice(2);
	const unknown = named.find((name) => !(name in STORIES));
	if (unknown !== undefined)
		throw new Error(`No story ${unknown}: ${Object.keys(STORIES).join(', ')}`);
	const chosen = (named.length === 0 ? Object.keys(STORIES) : named).flatMap(
		(name) => STORIES[name] ?? [],
	);
	const connections = chosen.reduce((sum, story) => sum + story.connections, 0);
	const exact = await ExactHost.start({ identities: connections * WAYS.length });
	try {
		for (const story of chosen) {
			exact.simulator.configure({ accessTokenLifeSeconds: 600, grace: 'none' });
			exact.simulator.reset();
			const told = await story.tell(exact);
			exact.simulator.configure({ accessTokenLifeSeconds: 600 });
			exact.simulator.reset();
			const lost = await lostChains(exact, told);
			print(
				story,
				told.map(({ row }) => row),
				lost,
			);
		}
	} finally {
		await exact.dispose();
	}
}

function print({ title }: Story, rows: readonly Row[], lost: readonly boolean[]): void {
	const lines = [
		HEAD,
		HEAD.map(() => '---'),
		...rows.map((row, index) => cellsOf(row, lost[index] === true)),
	];
	const table = lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
	const texts = rows
		.filter(({ text }) => text !== '')
		.map(({ way, text }) => `- ${way}: "${text.slice(0, TEXT_LENGTH)}"`)
		.join('\n');
	process.stdout.write(`\n### ${title}\n\n${table}\n${texts === '' ? '' : `\n${texts}\n`}`);
}

function cellsOf(row: Row, isLost: boolean): string[] {
	const { way, executions, failed, tokenPosts, oldTokenUses, tooEarly } = row;
	const counts = [executions, failed, tokenPosts, oldTokenUses, tooEarly];
	const { expiredCalls, unauthorized } = row;
	return [way, ...[...counts, expiredCalls, unauthorized].map(String), isLost ? 'yes' : 'no'];
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
