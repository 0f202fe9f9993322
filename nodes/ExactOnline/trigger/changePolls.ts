import type { IDataObject, IPollFunctions } from 'n8n-workflow';
import { ConnectorError } from '../../shared/errors';
import { isRecord } from '../../shared/http';
import type {
	Beginning,
	ConnectionFacts,
	OpenPlace,
	PolledRow,
	PollRun,
	PollWork,
} from '../../shared/node/pollFrame';
import { readOptions } from '../../shared/node/optionsField';
import { givenStartDate, readMostItems, startSettings } from '../../shared/node/polls/startFields';
import { chainStatus } from '../auth/authorizationStatus';
import { readEndpoint } from '../catalogue/catalogue';
import { earliestDateTime } from '../odata/dateTimes';
import { inField } from '../odata/invalidValue';
import { mayMissDeletions } from '../resources/changes/cursor';
import {
	changedEntity,
	rowEndpoint,
	tellsDeletions,
	type ChangedEntity,
} from '../resources/changes/entities';
import type { OperationCall } from '../resources/operation';
import { readOutput, type OutputPlan } from '../resources/records/outputFields';
import { divisionsOf } from '../resources/records/severalDivisions';
import { CHANGE_EVENTS, readChangeEvents, type ChangeEvent } from './changeEvents';
import { afterMoves, cursorAfter } from './divisionMoves';
import { invalidEvents } from './eventProblem';
import { isWaiting } from './impatience';
import { pollCall } from './pollCall';
import { readSince } from './readSince';
import { sampleRows } from './samples';
import { readTriggerCursor, type TriggerCursor } from './triggerCursor';
import { triggerForm } from './triggerFields';
import { readWish, type StartWish } from './triggerStart';

/** An idle chain that ends within so many days is told of: every poll renews it, so something must be wrong. */
const ENDS_SOON_DAYS = 7;

const ENDING =
	'The connection has not been renewed for weeks, although polls try it. Look at Authorization: Get Status, and press Connect in the credential before it ends.';

const WELL = 'The connection works.';

/** Errors after which a person has to connect, or to decide whose connection it is. */
const BROKEN = new Set([
	...['EXACT_CHAIN_BROKEN', 'EXACT_CLIENT_NOT_FOUND', 'EXACT_CREDENTIAL_INVALID'],
	...['EXACT_DUPLICATE_IDENTIFIER', 'EXACT_FORGOTTEN', 'EXACT_INVALID_CLIENT'],
	...['EXACT_LOG_IN_OVERTAKEN', 'EXACT_MIXED_LOG_IN', 'EXACT_NOT_CONNECTED'],
	...['EXACT_OLD_REFRESH_TOKEN', 'EXACT_REFRESH_TOKEN_EXPIRED', 'EXACT_REFRESH_TOKEN_REFUSED'],
	...['EXACT_UNAUTHORIZED', 'EXACT_UNPROVED', 'EXACT_VAULT_MISSING_OR_RESTORED'],
]);

/** Polls for what has changed at Exact Online (docs/triggers.md). */
export const changePolls: PollWork = {
	form: triggerForm,
	beginning: (context) => ({
		settings: askedFor(context),
		subject: givenEntity(context),
		start: startSettings(context),
		first: (now) => beginningOf(context, now),
	}),
	poll: pollChanges,
	connection: connectionOf,
	isBroken: ({ code }) => BROKEN.has(code),
	mustWait: isWaiting,
	outOfTime: (budgetMs) =>
		new ConnectorError(
			'EXACT_POLL_OUT_OF_TIME',
			`Exact Online did not answer within the ${Math.round(budgetMs / 1000)} s that a poll may take. Nothing is lost: the next poll asks again.`,
			{
				repair:
					'If this stays, look at the network, choose fewer fields in Output, or take Deleted out of Trigger On, which leaves out a list.',
				retryable: true,
			},
		),
};

/** What the node asks for. */
interface Settings {
	entity: ChangedEntity;
	plan: OutputPlan;
	events: ReadonlySet<ChangeEvent>;
	mostItems: number;
}

async function pollChanges(run: PollRun): Promise<void> {
	const { beginning } = run;
	const call = await pollCall(run);
	const settings = readSettings(call);
	const { divisions, isSeveral } = await divisionsOf(call);
	if (run.isSample) {
		const [division] = divisions;
		if (division === undefined) return;
		const place = await openPlace(call, beginning, settings.entity, division);
		const rows = await sampleRows(call, settings, division);
		place.take(withDivision(rows, division, isSeveral), place.cursor, true);
		return;
	}
	await beginning.expect(divisions.map((division) => placeOf(call, settings.entity, division)));
	await run.inTurn(
		divisions.map((division) => ({
			name: String(division),
			read: async () => await pollDivision(run, call, { settings, division, isSeveral }),
		})),
		() => run.size < settings.mostItems,
	);
}

interface DivisionPoll {
	settings: Settings;
	division: number;
	isSeveral: boolean;
}

/** How many lists a poll reads of a division. */
function listsOf({ entity, events }: Settings): number {
	const readsDeletions = events.has('deleted') && tellsDeletions(entity);
	return 1 + Number(entity.sync?.lines !== undefined) + Number(readsDeletions);
}

async function pollDivision(
	run: PollRun,
	call: OperationCall,
	{ settings, division, isSeveral }: DivisionPoll,
): Promise<void> {
	const { entity, plan, events, mostItems } = settings;
	const place = await openPlace(call, run.beginning, entity, division);
	const limit = Math.max(1, mostItems - run.size);
	const stored = readTriggerCursor(place.cursor);
	// What another version of the package has left there, and this one cannot read, begins anew.
	const isReadable = stored.at !== undefined || stored.from !== undefined;
	const { movesAlone = false, ...first }: TriggerCursor = isReadable
		? stored
		: { from: beginningOf(run.context, Date.now()) };
	const { known, isTold } = await afterMoves(call, division, first);
	// Where that took so long that the lists have no time after it, its answer is kept, and the next poll reads them: also where it
	// has to ask again and has no time either, so that what never works is told.
	const isAsked = known.movesAskedAt !== first.movesAskedAt;
	if (isAsked && !movesAlone && !run.hasTime(listsOf(settings))) {
		place.take([], { ...known, movesAlone: true }, false);
		return;
	}
	const { newest = '' } = known;
	const wanted = {
		...{ entity, plan, events, limit, newest },
		hasTime: (pieces?: number) => run.hasTime(pieces),
	};
	const reading = await readSince(known, { call, division, select: selectOf(plan) }, wanted);
	if (reading === undefined) return;
	const { at, read } = reading;
	const isMissing =
		events.has('deleted') && tellsDeletions(entity) && mayMissDeletions(at, Date.now());
	const rows = isMissing ? read.rows.map(deletionsMissing) : read.rows;
	const isDated = plan.endpoint.fields.has('Modified');
	const next = cursorAfter(known, { isTold, isDated }, reading);
	place.take(withDivision(rows, division, isSeveral), next, read.isAll);
}

/** What is judged is read too, whatever comes out. */
function selectOf({ select, endpoint }: OutputPlan): readonly string[] | undefined {
	const judged = ['Created', 'Modified'].filter((name) => endpoint.fields.has(name));
	return select && [...new Set([...select, ...judged])];
}

function deletionsMissing({ json, ...row }: PolledRow): PolledRow {
	return { ...row, json: { ...json, deletionsMayBeMissing: true } };
}

function withDivision(
	rows: readonly PolledRow[],
	division: number,
	isSeveral: boolean,
): PolledRow[] {
	if (!isSeveral) return [...rows];
	return rows.map(({ json, ...row }) => ({ ...row, json: { division, ...json } }));
}

/** What is read in a division, so that another one, another entity or another server has a place of its own. */
function placeOf(
	{ source }: OperationCall,
	{ data, sync }: ChangedEntity,
	division: number,
): string[] {
	return [source.baseUrl, String(division), sync?.path ?? data.endpoint];
}

async function openPlace(
	call: OperationCall,
	beginning: Beginning,
	entity: ChangedEntity,
	division: number,
): Promise<OpenPlace> {
	return await beginning.open(placeOf(call, entity, division), (since) => {
		const from = readWish(since);
		return { ...(from && { from }) } satisfies TriggerCursor;
	});
}

/** What the node reads, as it stores that: with other settings something else may have to be asked for before. */
function askedFor(context: IPollFunctions): string {
	const { entity, division, options } = context.getNode().parameters as IDataObject;
	const { severalDivisions, divisions } = isRecord(options) ? options : {};
	return JSON.stringify([entity, division, severalDivisions, divisions]);
}

/** Missing where an expression chooses it, which may give any. */
function givenEntity(context: IPollFunctions): string | undefined {
	const { entity } = context.getNode().parameters;
	return typeof entity === 'string' && !entity.startsWith('=') ? entity : undefined;
}

/** @param now ms since the epoch */
function beginningOf(context: IPollFunctions, now: number): StartWish {
	const given = givenStartDate(context);
	if (given === undefined) return { kind: 'moment', at: now };
	const since = inField('Date', () => earliestDateTime(given, context.getTimezone()));
	return { kind: 'date', since };
}

function readSettings(call: OperationCall): Settings {
	const { context, itemIndex } = call;
	const entity = changedEntity(String(context.getNodeParameter('entity', itemIndex)));
	const endpoint = rowEndpoint(entity);
	const plan = readOutput(call, endpoint, entity.data);
	const events = readChangeEvents(
		context.getNodeParameter('events', itemIndex, [...CHANGE_EVENTS]),
	);
	const problem = invalidEvents(events, {
		tellsCreated:
			endpoint.fields.has('Created') || readEndpoint(entity.data.endpoint).fields.has('Created'),
		tellsDeleted: tellsDeletions(entity),
		name: entity.name,
	});
	if (problem) throw problem;
	return { entity, plan, events, mostItems: readMostItems(readOptions(call)) };
}

async function connectionOf(run: PollRun): Promise<ConnectionFacts> {
	const { source } = await pollCall(run);
	const { view } = await source.chain.status(source.authorization, 0);
	const { state, identifier, userName, idleDeadline, daysUntilIdleDeadline } = chainStatus(
		view,
		source,
	);
	// After a new Connect the record may still be called broken, and its times are those of the log-in before.
	const isEnding =
		state !== 'broken' &&
		typeof daysUntilIdleDeadline === 'number' &&
		daysUntilIdleDeadline < ENDS_SOON_DAYS;
	return {
		state: isEnding ? 'endsSoon' : 'well',
		json: { identifier, userName, idleDeadline, description: isEnding ? ENDING : WELL },
	};
}
