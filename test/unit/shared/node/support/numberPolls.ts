import type { IPollFunctions, WorkflowActivateMode } from 'n8n-workflow';
import { ConnectorError } from '../../../../../nodes/shared/errors';
import {
	runPoll,
	type ConnectionFacts,
	type PollWork,
} from '../../../../../nodes/shared/node/pollFrame';
import { connectionField } from '../../../../../nodes/shared/node/polls/connectionOutput';
import { thisHolder } from '../../../../../nodes/shared/process/holder';
import { pollContext, takeAsN8n } from '../../../../support/n8nContext';
import { openVaultFolder, type VaultFolder } from '../../../../support/recordings/vaultFolder';

export interface Settings {
	nodeId?: string;
	workflowId?: string;
	mode?: string;
	/** Missing as in n8n before 2.40. */
	budgetMs?: number;
	activation?: WorkflowActivateMode;
	/** The output *Connection* is on. */
	isTold?: boolean;
	log?: unknown[][];
}

/** Gives each test of a file an empty vault, and the real time afterwards. */
export function useEmptyVault(): void {
	let vault: VaultFolder;
	beforeEach(async () => {
		vault = await openVaultFolder();
	});
	afterEach(async () => {
		jest.useRealTimers();
		await vault.close();
	});
}

export function contextOf({
	budgetMs,
	isTold = false,
	...settings
}: Settings = {}): IPollFunctions {
	const description = { displayName: 'Trigger', name: 'trigger', properties: [connectionField] };
	const parameters = { connectionOutput: isTold };
	return pollContext({ description, mode: 'trigger', ...settings, parameters }, budgetMs);
}

export const failure = (code: string, text = 'It is wrong.', retryable = false) =>
	new ConnectorError(code, text, { repair: 'Mend it.', retryable });

export const well: ConnectionFacts = { state: 'well', json: {} };

/** A beginning that says nothing. */
export const anyBeginning: PollWork['beginning'] = () => ({
	...{ settings: '', start: '' },
	first: () => null,
});

export const work = (
	poll: PollWork['poll'],
	connection = well,
	beginning = anyBeginning,
): PollWork => ({
	form: { fields: [], emptyValue: 'EMPTY' },
	poll,
	beginning,
	connection: async () => await Promise.resolve(connection),
	isBroken: ({ code }) => code === 'BROKEN',
	mustWait: ({ code }) => code === 'LIMIT',
	outOfTime: (budgetMs) => failure('SLOW', `The poll took over ${budgetMs} ms.`),
});

/** Gives the numbers from a list on which no earlier poll has given. */
export const numbers = (all: readonly number[], limit = 10) =>
	work(async (run) => {
		const place = await run.open({ read: ['numbers'], start: '', first: () => 0 });
		const from = Number(place.cursor);
		const rows = all.slice(from, from + limit);
		const found = rows.map((id) => ({ mark: String(id), json: { id } }));
		place.take(found, from + rows.length, from + rows.length === all.length);
	});

export const ids = (outputs: Awaited<ReturnType<typeof runPoll>>) =>
	(outputs ?? []).map((items) =>
		items.map(({ json }) => (json.repeated ? `${String(json.id)} again` : json.id)),
	);

/** A poll whose batch n8n takes. */
export async function polled(context: IPollFunctions, what: PollWork) {
	const outputs = await runPoll(context, what);
	return ids(takeAsN8n(context, outputs));
}

/** From now on this process has another name, as after a start. */
export function otherProcess(name: string): void {
	thisHolder().uuid = name;
}
