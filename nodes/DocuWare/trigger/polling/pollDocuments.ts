import type { IPollFunctions } from 'n8n-workflow';
import { ConnectorError } from '../../../shared/errors';
import { codesOf } from '../../../shared/node/expressionHoles';
import { readOptions } from '../../../shared/node/optionsField';
import type { PollWork } from '../../../shared/node/pollFrame';
import {
	givenStartDate,
	readMostItems,
	startSettings,
} from '../../../shared/node/polls/startFields';
import { momentOf as momentOfDate } from '../../../shared/values/dateTimes';
import { ALL_FIELDS_DIALOG } from '../../api/cabinetFacts';
import { invalidParameter } from '../../api/clientErrors';
import { serviceDateText } from '../../fields/serviceDates';
import { readFileCabinetId } from '../../resources/common/cabinetField';
import {
	indexFieldsWanted,
	readDocumentOutput,
	type DocumentOutput,
} from '../../resources/common/documentOutput';
import { readSearch } from '../../resources/document/readSearch';
import type { OperationCall } from '../../resources/operation';
import { DOCUMENT_ID } from '../../search/conditions';
import { invalidValue } from '../../search/values';
import { CabinetReader } from './cabinetReader';
import { CabinetSource } from './cabinetSource';
import { connectionFacts, isBroken, mustWait } from './connectionFacts';
import { EventPoll, type Wish } from './eventPoll';
import type { Beginning } from './eventReader';
import { pollCall } from './pollCall';
import { POLL_EVENTS, TIMES, type PollEvent } from './pollEvents';
import { TrayList } from './trayList';
import { TrayReader } from './trayReader';
import { MOST_ITEMS, PARAMETERS, triggerForm } from './triggerFields';

/** What a poll of the trigger does. */
export const documentPolls: PollWork = {
	form: triggerForm,
	beginning: (context) => ({
		settings: settingsText(context),
		start: startSettings(context),
		first: (now) => beginningOf(context, now),
	}),
	async poll(run) {
		const { context, beginning } = run;
		const call = await pollCall(run);
		const wish = await readWish(context, call);
		const cabinet = ['docuWare', call.session.baseUrl, wish.fileCabinetId.toLowerCase()];
		await beginning.expect(wish.events.map((event) => [...cabinet, event]));
		const events: EventPoll[] = [];
		for (const event of wish.events) {
			const place = await beginning.open([...cabinet, event], (since) => since);
			events.push(new EventPoll(run, wish, event, place));
		}
		const [one, other] = events;
		if (one && other) EventPoll.join(one, other);
		await run.inTurn(
			events.map((event) => ({ name: event.event, read: async () => await event.read() })),
		);
	},
	async connection(run) {
		return connectionFacts((await pollCall(run)).session);
	},
	isBroken,
	mustWait,
	outOfTime: (budgetMs) =>
		new ConnectorError(
			'DOCUWARE_POLL_OUT_OF_TIME',
			`DocuWare did not give the new documents within ${Math.round(budgetMs / 1_000)} s. Nothing is lost: the next poll asks again.`,
			{
				repair:
					'If this stays, choose fewer fields in Output, a smaller Most Items per Poll, or conditions that find fewer documents.',
				retryable: true,
			},
		),
};

async function readWish(context: IPollFunctions, call: OperationCall): Promise<Wish> {
	const events = readEventNames(context.getNodeParameter(PARAMETERS.events, ['stored']));
	const isTray = context.getNodeParameter(PARAMETERS.place, 'cabinet') === 'tray';
	const search = isTray ? undefined : await readSearch(call, 'cabinets');
	const fileCabinetId = search?.fileCabinetId ?? (await readFileCabinetId(call, 'trays'));
	const output = await readDocumentOutput(call, fileCabinetId);
	const fields = await fieldsToFetch(call, fileCabinetId, output);
	const most = readMostItems(readOptions(call), MOST_ITEMS);
	const common = { events, fileCabinetId, output, most };
	if (search === undefined) {
		const listOf = (event: PollEvent) => new TrayList(call, fileCabinetId, event, fields);
		return { ...common, readerOf: (event) => new TrayReader(listOf(event)) };
	}
	if ((search.terms.additionalCabinets ?? []).length > 0) {
		throw invalidParameter(
			'The conditions name additional file cabinets, and this node follows one.',
			'Leave out AdditionalCabinets, and use a trigger for each file cabinet.',
		);
	}
	requireConditions(call, search.expression.groups.length);
	await requireFields(call, search, events);
	// One that is checked out, or appended to another, when the poll comes would be passed by for good.
	const flags = { includeCheckedOut: true, includeAppended: true, ...search.terms.flags };
	const all = { ...search, terms: { ...search.terms, flags } };
	const sourceOf = (event: PollEvent) => new CabinetSource(call, all, event, fields);
	return { ...common, readerOf: (event) => new CabinetReader(sourceOf(event)) };
}

/** Conditions in JSON that an expression gives without any condition would have every document start the workflow. */
function requireConditions({ context, itemIndex }: OperationCall, count: number): void {
	const { conditionsJson } = context.getNode().parameters;
	const isJson = context.getNodeParameter('conditionsAs', itemIndex, 'rows') === 'json';
	if (count > 0 || !isJson || codesOf(String(conditionsJson)).length === 0) return;
	throw new ConnectorError(
		'DOCUWARE_EMPTY_VALUE',
		'The expression of Conditions (JSON) gives no condition, so that every document would start the workflow.',
		{ repair: 'Correct the expression, or switch off Only Some Documents.' },
	);
}

/** A dialog can be asked for the fields that it has. */
async function requireFields(
	{ facts }: OperationCall,
	{ fileCabinetId, dialogId }: { fileCabinetId: string; dialogId: string },
	events: readonly PollEvent[],
): Promise<void> {
	if (dialogId === ALL_FIELDS_DIALOG) return;
	const { name, names } = await facts.dialog(fileCabinetId, dialogId);
	const needed = [DOCUMENT_ID.name, ...events.map((event) => TIMES[event].field)];
	const missing = needed.filter((field) => !names.has(field));
	if (missing.length === 0) return;
	throw invalidParameter(
		`The search dialog ${name} lacks ${missing.join(' and ')}, by which new documents are found.`,
		'Leave Search Dialog empty, which takes the dialog of all fields, or have the field added to the dialog.',
	);
}

/** The index fields that have to come with the documents; undefined for all. */
async function fieldsToFetch(
	{ facts }: OperationCall,
	fileCabinetId: string,
	output: DocumentOutput,
): Promise<string[] | undefined> {
	const wanted = indexFieldsWanted(output);
	if (wanted === undefined) return undefined;
	const { names } = await facts.cabinet(fileCabinetId);
	const times = Object.values(TIMES).map(({ field }) => field);
	return [...new Set([...wanted, ...times.filter((field) => names.has(field))])];
}

function readEventNames(value: unknown): PollEvent[] {
	const given = Array.isArray(value) ? value : String(value).split(',');
	const names = given.map((one) => String(one).trim());
	const events = POLL_EVENTS.filter((event) => names.includes(event));
	if (events.length > 0 && names.every((name) => events.some((event) => event === name))) {
		return events;
	}
	throw invalidParameter(
		events.length === 0 ? 'Trigger On names no event.' : `Trigger On is "${names.join(', ')}".`,
		'Choose Document Stored, Document Changed, or both.',
	);
}

/** What the node reads, as it stores that. */
function settingsText(context: IPollFunctions): string {
	const { parameters } = context.getNode();
	const names = [PARAMETERS.events, PARAMETERS.place, 'fileCabinetId'];
	return JSON.stringify(names.map((name) => parameters[name]));
}

/** @param now ms since the epoch */
function beginningOf(context: IPollFunctions, now: number): Beginning {
	const date = givenStartDate(context);
	if (date === undefined) return { from: 'now', begunAt: now };
	if (date === '') {
		throw invalidParameter('Date is empty.', 'Choose the date to start from, or Now.');
	}
	const reading = {
		timeZone: context.getTimezone(),
		readText: serviceDateText,
		invalid: invalidValue,
	};
	return { from: 'date', moment: momentOfDate(date, reading) };
}
