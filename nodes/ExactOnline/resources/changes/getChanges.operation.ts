import type { OutputRow } from '../../../shared/node/operation';
import { optionsCollection, readOptions } from '../../../shared/node/optionsField';
import { runsAsTool } from '../../../shared/node/toolRun';
import { divisionField } from '../common/divisionField';
import type { Operation, OperationCall } from '../operation';
import { outputJson, readOutput, recordKeys, type OutputPlan } from '../records/outputFields';
import { divisionOptions, inDivisions } from '../records/severalDivisions';
import { advances, begin, subjectOf } from './begin';
import {
	changeOptions,
	changeOutputFields,
	entityField,
	readStart,
	startFields,
} from './changeFields';
import { CHANGED, changedRows, deletedRows } from './changeRows';
import { modifiedSource, syncSource, type ReadPlace } from './changeSource';
import {
	cursorText,
	mayMissDeletions,
	type ChangeCursor,
	type ModifiedCursor,
	type SyncCursor,
} from './cursor';
import {
	changedEntity,
	rowEndpoint,
	syncPlan,
	tellsDeletions,
	type ChangedEntity,
} from './entities';
import { keepEndings, type Ending } from './endings';
import { readModified } from './modifiedReading';
import { readSync } from './syncReading';

/** A model reads few rows. */
const TOOL_ROWS = 20;

/** What an item asks for. */
interface Wanted {
	entity: ChangedEntity;
	plan: OutputPlan;
	limit: number;
	withDeletions: boolean;
	confirmAtOnce: boolean;
}

/** What was read of a division. */
interface Read {
	rows: OutputRow[];
	/** Where the next reading goes on. */
	cursor: ChangeCursor;
}

/** Records that were made, changed or deleted since the last run that was confirmed (docs/facts/exact-online.md 5). */
export const getChanges: Operation = {
	name: 'Get Changes',
	value: 'getChanges',
	action: 'Get changes',
	description:
		'Get what was created, changed or deleted since the last run. Put Confirm Changes at the end of the workflow: only then the next run goes on after these rows.',
	fields: [
		entityField,
		divisionField,
		...startFields,
		...changeOutputFields,
		optionsCollection([...divisionOptions, ...changeOptions]),
	],
	async execute(call) {
		const wanted = readWanted(call);
		const hints = new Set<string>();
		if (!advances(call.context) && readStart(call).from !== 'cursor') hints.add(NOT_MOVED);
		const endings: Ending[] = [];
		const rows = await inDivisions(
			call,
			async (division) => await rowsOf(call, wanted, division, { hints, endings }),
		);
		await keepEndings(call, endings, rows, wanted.confirmAtOnce);
		for (const message of hints) call.context.addExecutionHints({ message, type: 'warning' });
		return rows;
	},
};

const NOT_MOVED =
	'A run by hand, or by an AI agent, does not move the cursor on: the same rows come again in the next run.';

const MAY_MISS =
	'Deletions may be missing: Exact Online tells of them for two months only, and the last look was longer ago, or the division has moved since. Compare with the full list once.';

function readWanted(call: OperationCall): Wanted {
	const { context, itemIndex } = call;
	const entity = changedEntity(String(context.getNodeParameter('entity', itemIndex)));
	const endpoint = rowEndpoint(entity);
	const plan = readOutput(call, endpoint, entity.data);
	const { mostRows, includeDeletions, confirmAtOnce } = readOptions(call);
	const usual = runsAsTool(context) ? TOOL_ROWS : Infinity;
	return {
		entity,
		plan,
		limit: mostRows === undefined ? usual : Math.max(1, Math.floor(Number(mostRows)) || 1),
		withDeletions: includeDeletions !== false,
		confirmAtOnce: confirmAtOnce === true,
	};
}

async function rowsOf(
	call: OperationCall,
	wanted: Wanted,
	division: number,
	{ hints, endings }: { hints: Set<string>; endings: Ending[] },
): Promise<OutputRow[]> {
	const { entity, plan } = wanted;
	const beginning = await begin(call, entity, division, readStart(call));
	const place: ReadPlace = { call, division, select: plan.select };
	const { cursor } = beginning;
	const { rows, cursor: next } =
		cursor.kind === 'sync'
			? await syncRows(wanted, place, cursor)
			: await modifiedRows(wanted, place, cursor);
	const isMissing =
		wanted.withDeletions && tellsDeletions(entity) && mayMissDeletions(cursor, Date.now());
	if (isMissing) hints.add(MAY_MISS);
	endings.push({
		isEmpty: rows.length === 0,
		keep: async (isDone) => await beginning.end(next, isDone),
	});
	const missing = isMissing && { deletionsMayBeMissing: true };
	const text = cursorText(next, subjectOf(entity, division));
	// A model that is not shown all rows must not go on behind them, and reads the same text twenty times else.
	const isLast = (index: number) => !runsAsTool(call.context) || index === rows.length - 1;
	return rows.map(({ json }, index) => ({
		json: { ...json, ...missing, ...(isLast(index) && { cursor: text }) },
	}));
}

async function syncRows(wanted: Wanted, place: ReadPlace, cursor: SyncCursor): Promise<Read> {
	const { entity, plan, limit, withDeletions } = wanted;
	const { sync } = entity;
	if (sync === undefined) return { rows: [], cursor };
	const options = { limit, withDeletions, now: Date.now() };
	const reading = await readSync(syncSource(place), syncPlan(entity, sync), cursor, options);
	const changed = await changedRows(entity, plan, place, reading.records);
	return {
		rows: [...changed, ...deletedRows(plan, reading.deletions)],
		cursor: reading.cursor,
	};
}

async function modifiedRows(
	{ entity, plan, limit }: Wanted,
	place: ReadPlace,
	cursor: ModifiedCursor,
): Promise<Read> {
	const source = modifiedSource(entity, place);
	const { client } = place.call;
	const times = {
		now: Date.now(),
		ahead: () => client.serviceAhead,
		behindMs: client.mostBehindMs,
	};
	const reading = await readModified(source, cursor, { limit, ...times });
	const rows = reading.rows.map((row) => ({
		json: { ...recordKeys(plan.endpoint, row), change: CHANGED, ...outputJson(plan, row) },
	}));
	return { rows, cursor: reading.cursor };
}
