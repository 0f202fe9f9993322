import { join } from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import { ALL_STRUCK, KILLS, usePollingProcesses } from '../../../support/processes/killedPolls';
import { cabinet, usePolls } from './support/pollFixture';

const NOW = Date.UTC(2026, 10, 26, 12);

/** Documents that are there before the node begins; each is changed once. */
const OLD = 3 * KILLS;

const { start } = usePolls();
const processes = usePollingProcesses(join(__dirname, 'support', 'triggerWorker.ts'));

const nameOf = ({ event, documentId }: IDataObject) => `${String(event)} ${String(documentId)}`;

it('twenty kills between poll and execution, and some before and after, lose no document and no change, and every repeat is marked', async () => {
	const { store, change, credential } = await start();
	store(OLD, NOW - 3_600_000);
	const expected = new Set<string>();
	let changed = 0;
	let second = 0;
	const { struck, last } = await processes.killRounds({
		settings: {
			credentials: credential(),
			parameters: { ...cabinet, events: ['stored', 'changed'], options: { mostItems: 3 } },
		},
		write: (random, howMany) => {
			const count = random.integer(1, howMany === 'some' ? 3 : 2);
			second += random.integer(0, 2);
			const at = NOW + second * 1_000;
			for (const id of store(count, at)) expected.add(`stored ${id}`);
			changed += 1;
			change(changed, at);
			expected.add(`changed ${changed}`);
		},
	});
	expect(struck).toEqual(ALL_STRUCK);
	const names = () => new Set(processes.executed().map(nameOf));
	// One that finds only documents that were stored, and not changed since, gives none as changed; the next goes on.
	for (let polls = 0; polls < 100 && names().size < expected.size; polls += 1) {
		await processes.poll(last);
	}
	expect(names()).toEqual(expected);
	expect(processes.unmarkedRepeats(nameOf)).toEqual([]);
	const repeated = processes.executed().filter((item) => item.repeated === true);
	expect(repeated.length).toBeGreaterThan(0);
}, 300_000);
