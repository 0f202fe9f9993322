import { runsAsTool } from '../../../shared/node/toolRun';
import {
	CursorStore,
	type CommitOutcome,
	type CursorPlace,
	type CursorRun,
	type KeptCursor,
	type PendingCursor,
} from '../../../shared/node/keptCursors';
import { nodeOf } from '../../../shared/node/nodeIdentity';
import { earliestDateTime } from '../../odata/dateTimes';
import { inField } from '../../odata/invalidValue';
import type { OperationCall } from '../operation';
import { cursorSince } from './changeSource';
import {
	afterMove,
	furthest,
	readCursor,
	readCursorText,
	startOf,
	toldOf,
	withTold,
	type ChangeCursor,
} from './cursor';
import type { ChangedEntity } from './entities';
import { severalOf } from '../records/severalDivisions';
import { movesOf } from './moves';

/** Where the item wants to begin. */
export type Start =
	{ from: 'everything' } | { from: 'date'; date: unknown } | { from: 'cursor'; text: string };

/** Where a reading begins, and what becomes of where it ends. */
export interface Beginning {
	cursor: ChangeCursor;
	/** Keeps where the reading has come until the execution confirms it; at once where there is nothing to be worked off. */
	end(cursor: ChangeCursor, isDone: boolean): Promise<void>;
}

const TOLD_IS_GONE =
	'Rows of shortly before the cursor may come once more: which of them were told already is not in this vault, or was more than 14 days ago.';

/** Runs that try something out move nothing on; a model confirms nothing. */
export function advances(context: OperationCall['context']): boolean {
	return !['manual', 'evaluation'].includes(context.getMode()) && !runsAsTool(context);
}

/** The execution that reads or confirms. */
export function runOf(context: OperationCall['context']): CursorRun {
	const { id: workflow = '' } = context.getWorkflow();
	return { instance: context.getInstanceId(), workflow, execution: context.getExecutionId() };
}

/** Which time the node runs in its execution: each round of a loop is one, the tries of Retry On Fail are not. */
function roundOf({ context, itemIndex }: OperationCall): number {
	return Number(context.evaluateExpression('{{ $runIndex }}', itemIndex)) || 0;
}

/** What a cursor is a cursor of, in words of the API. */
export function subjectOf({ data, sync }: ChangedEntity, division: number): string {
	return `${sync?.path ?? data.endpoint} ${division}`;
}

/**
 * Where the reading of an entity in a division begins: at the cursor of the item, or at the one that is kept for this
 * node, which at the first run is where its settings say.
 * @throws ConnectorError EXACT_INVALID_VALUE, VAULT_* and those of the client
 */
export async function begin(
	call: OperationCall,
	entity: ChangedEntity,
	division: number,
	start: Start,
): Promise<Beginning> {
	const moved = await movesOf(call, division);
	const now = Date.now();
	const kind = entity.sync === undefined ? 'modified' : 'sync';
	const withMoves = (cursor: ChangeCursor) => (moved === undefined ? cursor : { ...cursor, moved });
	const store = new CursorStore(call.source.vault);
	if (start.from === 'cursor') {
		const isOneOfSeveral = severalOf(call) !== 'no';
		const given = inField('Cursor', () =>
			readCursorText(start.text, subjectOf(entity, division), kind, {
				...{ now, isOneOfSeveral },
				...(moved !== undefined && { moved }),
			}),
		);
		const { again } = given;
		const told = again === undefined ? undefined : await store.told(again);
		const afresh = afterMove(given, moved, now);
		if (again !== undefined && told === undefined && afresh === undefined) {
			call.context.addExecutionHints({ message: TOLD_IS_GONE, type: 'warning' });
		}
		const cursor = withMoves(afresh ?? withTold(given, told));
		return { cursor, end: async (next) => await keepTold(store, next) };
	}
	const place = placeOf(call, entity, division);
	const settings = settingsOf(call.context);
	const found = await store.read(place);
	const fresh =
		found !== undefined && isUsable(found, settings)
			? undefined
			: withMoves({
					...(await startCursor(call, entity, division, start, now)),
					// A cursor that was kept and is gone was too old: what was deleted since may be forgotten.
					...(found === undefined && (await store.hasBegun(place)) && { gap: true }),
				});
	const step = (present: KeptCursor | undefined): KeptCursor | undefined => {
		const known = present && isUsable(present, settings);
		if (known === undefined) {
			// Kept before anything is read: a date that an expression gives must not skip what a failed run has read.
			return { epoch: (present?.epoch ?? 0) + 1, start: settings, cursor: fresh ?? found?.cursor };
		}
		const again = afterMove(known, moved, now);
		if (again !== undefined) {
			return { epoch: (present?.epoch ?? 0) + 1, start: settings, cursor: again };
		}
		return known.moved === undefined && moved !== undefined && present !== undefined
			? { ...present, cursor: withMoves(known) }
			: undefined;
	};
	const isKept = advances(call.context);
	const { changes } = call.memory;
	const round = isKept ? (changes.round ??= roundOf(call)) : 0;
	if (isKept) {
		changes.earlierTry ??= store.forgetEarlierTry(
			runOf(call.context),
			call.context.getNode().id,
			round,
		);
		await changes.earlierTry;
	}
	if (isKept && found === undefined) await store.markBegun(place);
	const kept = isKept ? await store.change(place, step) : (step(found) ?? found);
	const cursor = readCursor(kept?.cursor) ?? startOf(kind, now);
	if (!isKept) return { cursor, end: async () => await Promise.resolve() };
	return {
		cursor,
		end: async (next, isDone) => {
			const pending: PendingCursor = {
				place,
				node: call.context.getNode().name,
				about: subjectOf(entity, division),
				round,
				epoch: kept?.epoch ?? 0,
				cursor: next,
			};
			if (isDone) await confirmPending(store, runOf(call.context), pending);
			else await store.note(runOf(call.context), pending, false);
		},
	};
}

/**
 * Makes what a run has read the beginning of the next one, and remembers that it was confirmed; without what was told
 * already of the time that is read again, which may be much, and which the kept cursor holds.
 */
export async function confirmPending(
	store: CursorStore,
	run: CursorRun,
	pending: PendingCursor,
): Promise<CommitOutcome> {
	const outcome = await store.commit(pending, joined);
	const cursor = readCursor(pending.cursor);
	await store.note(run, { ...pending, cursor: cursor && withTold(cursor, undefined) }, true);
	return outcome;
}

/** What is kept joined with what was read; what is kept and is no cursor has nothing to say. */
function joined(kept: unknown, pending: unknown): unknown {
	const [one, other] = [readCursor(kept), readCursor(pending)];
	return one && other ? furthest(one, other) : (other ?? one);
}

/** Another start than the one that is kept begins anew. */
function isUsable({ start, cursor }: KeptCursor, settings: string): ChangeCursor | undefined {
	return start === settings ? readCursor(cursor) : undefined;
}

/** The start as it is stored in the node: an expression by its text, since its value may change with every run. */
function settingsOf(context: OperationCall['context']): string {
	const { start = 'everything', startDate = '' } = context.getNode().parameters;
	return JSON.stringify(start === 'date' ? [start, startDate] : [start]);
}

function placeOf(
	{ context, source }: OperationCall,
	{ data, sync }: ChangedEntity,
	division: number,
): CursorPlace {
	const read = [source.baseUrl, String(division), sync?.path ?? data.endpoint];
	return [...nodeOf(context), ...read];
}

async function startCursor(
	call: OperationCall,
	entity: ChangedEntity,
	division: number,
	start: Exclude<Start, { from: 'cursor' }>,
	now: number,
): Promise<ChangeCursor> {
	if (start.from === 'everything')
		return startOf(entity.sync === undefined ? 'modified' : 'sync', now);
	const date = inField('Date', () => earliestDateTime(start.date, call.context.getTimezone()));
	return await cursorSince(call, entity, division, date);
}

/** What a text does not hold, for the run that its cursor is given to. */
async function keepTold(store: CursorStore, cursor: ChangeCursor): Promise<void> {
	const told = toldOf(cursor);
	if (told) await store.keepTold(told.name, told.text);
}
