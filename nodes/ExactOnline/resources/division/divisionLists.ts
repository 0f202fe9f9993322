import { ConnectorError, isConnectorError, passOn } from '../../../shared/errors';
import type { ItemCall } from '../../../shared/node/operation';
import type { DivisionList } from '../../api/limits/clientState';
import { keepDivisionList } from '../../api/limits/clientState';
import { readEndpoint } from '../../catalogue/catalogue';
import type { ExactOnlineClient } from '../../api/exactOnlineClient';
import type { ExactRow } from '../../wire/exactTypes';
import { DIVISION_CONSENT } from '../../wire/answerError';
import { allOf, contains } from '../../odata/filter';
import { odataLiteral } from '../../odata/literals';

/** What to ask a division list for. */
export interface DivisionQuery {
	/** Division in the path of the request; the list is the same in each. */
	division: number;
	/** Part of the name of the division or its customer, or its code or number. */
	search?: string;
	/** `Status`: 0 inactive, 1 active, 2 archived. */
	status?: number;
	/** Fields; those that a list lacks are left out. */
	fields?: string[];
	top?: number;
	signal?: AbortSignal;
}

/** A page of divisions and the list that it is from. */
export interface DivisionPage {
	rows: ExactRow[];
	next?: string;
}

const LISTS: readonly DivisionList[] = ['system/Divisions', 'hrm/Divisions', 'current/Me'];

/** Errors with which some licences answer one of the lists (docs/facts/exact-online.md 2.2). */
const NOT_HERE = new Set(['EXACT_FORBIDDEN', 'EXACT_NOT_FOUND', 'EXACT_SCOPE_MISSING']);

/** Fields that carry another name in the older list. */
const HRM_NAMES: Record<string, string> = { Hid: 'HID', IsMainDivision: 'Main' };

/**
 * The first page of the divisions that the user may reach: `system/Divisions`, else `hrm/Divisions`
 * (its fields under the names of the former), else the current division alone. Which list works is
 * remembered for minutes and for the present log-in, so that a missing one does not cost an error each time.
 *
 * @throws ConnectorError of the API client; EXACT_FORBIDDEN with the way to consent where the division itself was
 *   refused, or both lists
 */
export async function firstDivisionPage(
	client: ExactOnlineClient,
	query: DivisionQuery,
): Promise<DivisionPage> {
	const refused: ConnectorError[] = [];
	for (const list of listsFor(client)) {
		try {
			const page = await readFrom(list, client, query);
			const offered = list === 'current/Me' ? found(page, query, refused) : page;
			// Only now: a division that may not be offered is not found the next time either.
			keepDivisionList(client.state, client.memoryKey, list);
			return offered;
		} catch (error) {
			const isLast = list === 'current/Me';
			if (isLast || !isConnectorError(error) || !NOT_HERE.has(error.code)) passOn(error);
			refused.push(error);
		}
	}
	return { rows: [] };
}

/**
 * Tells a person that the list which was just read holds the current division alone, since Exact Online refuses the app
 * both of its lists: the user may have more.
 */
export function tellIfCurrentOnly(
	{ state, memoryKey }: ExactOnlineClient,
	{ context, itemIndex }: ItemCall,
): void {
	if (itemIndex > 0 || state.divisionLists.get(memoryKey) !== 'current/Me') return;
	const message =
		'Exact Online has refused its lists of divisions, so only the current division is known; the user may have ' +
		`others. ${DIVISION_CONSENT}`;
	context.addExecutionHints({ message, type: 'warning' });
}

function listsFor({ state, memoryKey }: ExactOnlineClient): readonly DivisionList[] {
	const known = state.divisionLists.get(memoryKey);
	return known === undefined ? LISTS : LISTS.slice(LISTS.indexOf(known));
}

/**
 * What the search wants of the current division, which no service searches. A division whose lists were
 * refused would be refused to every operation, so it is not offered.
 */
function found(
	{ rows }: DivisionPage,
	{ search = '' }: DivisionQuery,
	refused: readonly ConnectorError[],
): DivisionPage {
	const forbidden = refused.filter(({ code }) => code === 'EXACT_FORBIDDEN');
	if (forbidden.some(isOfDivision) || forbidden.length === LISTS.length - 1) {
		throw withoutConsent(forbidden);
	}
	const wanted = search.trim().toLowerCase();
	const texts = (row: ExactRow) => [row.Code, row.CustomerName, row.CustomerCode];
	const matches = (row: ExactRow) =>
		texts(row).some((text) =>
			String(text ?? '')
				.toLowerCase()
				.includes(wanted),
		);
	return { rows: rows.filter(matches) };
}

/** Whether it was the division that was refused, not the list. */
function isOfDivision({ message }: ConnectorError): boolean {
	return /division/i.test(message.replace(/\b(?:system|hrm)\/Divisions in division \d+/, ''));
}

/** The service's words for the refusal, and the way to consent. */
function withoutConsent(refused: readonly ConnectorError[]): ConnectorError {
	const cause = refused.find(isOfDivision) ?? refused[0];
	return new ConnectorError(
		'EXACT_FORBIDDEN',
		'The current division may not be used with this app; consent (permissions of the app, manage ' +
			`divisions) may lack it: ${cause?.message ?? 'its lists were refused.'}`,
		{ repair: DIVISION_CONSENT, httpStatus: 403, serviceMessage: cause?.serviceMessage },
	);
}

/** The page behind a link of a division list. */
export async function nextDivisionPage(
	client: ExactOnlineClient,
	next: string,
	signal?: AbortSignal,
): Promise<DivisionPage> {
	const { rows, next: following } = await client.follow(next, { signal });
	return { rows: rows.map(newerNames), next: following };
}

/** All pages, each read when it is wanted. */
export async function* divisionPages(
	client: ExactOnlineClient,
	query: DivisionQuery,
): AsyncGenerator<ExactRow[], void, undefined> {
	const first = await firstDivisionPage(client, query);
	for await (const rows of client.pagesAfter(first, { signal: query.signal })) {
		yield rows.map(newerNames);
	}
}

async function readFrom(
	list: DivisionList,
	client: ExactOnlineClient,
	query: DivisionQuery,
): Promise<DivisionPage> {
	const { division, signal, top } = query;
	if (list === 'current/Me') return await currentDivisionOnly(client, signal);
	const { rows, next } = await client.request({
		method: 'GET',
		path: list,
		division,
		query: { $select: select(list, query.fields), $filter: filter(list, query), $top: top },
		signal,
	});
	return { rows: rows.map(newerNames), next };
}

async function currentDivisionOnly(
	client: ExactOnlineClient,
	signal: AbortSignal | undefined,
): Promise<DivisionPage> {
	const { rows } = await client.request({
		method: 'GET',
		path: 'current/Me',
		query: {
			$select: 'CurrentDivision,DivisionCustomer,DivisionCustomerCode,DivisionCustomerName',
		},
		signal,
	});
	return {
		rows: rows.slice(0, 1).map((row) => ({
			Code: row.CurrentDivision,
			Customer: row.DivisionCustomer,
			CustomerCode: row.DivisionCustomerCode,
			CustomerName: row.DivisionCustomerName,
			Current: true,
		})),
	};
}

function select(list: DivisionList, fields: string[] | undefined): string | undefined {
	if (!fields || fields.length === 0) return undefined;
	if (list === 'system/Divisions') return fields.join(',');
	const { fields: older } = readEndpoint('hrm/Divisions');
	const names = fields.flatMap((name) =>
		older.has(name) ? [name] : name in HRM_NAMES ? [HRM_NAMES[name]] : [],
	);
	return names.length === 0 ? 'Code' : names.join(',');
}

function filter(list: DivisionList, { search, status }: DivisionQuery): string | undefined {
	const number = list === 'system/Divisions' ? 'Hid' : 'HID';
	return allOf([
		search === undefined ? undefined : searchFilter(search.trim(), number),
		status === undefined ? undefined : `Status eq ${odataLiteral('Int32', status)}`,
	]);
}

/** A number is a code or short number; a text is looked for as typed and with a capital. */
function searchFilter(search: string, numberField: string): string | undefined {
	if (search === '') return undefined;
	const capital = search.charAt(0).toUpperCase() + search.slice(1);
	const texts = [...new Set([search, capital])].flatMap((text) => [
		contains('Description', text),
		contains('CustomerName', text),
	]);
	const numbers = /^\d{1,9}$/.test(search)
		? [
				`Code eq ${odataLiteral('Int32', search)}`,
				`${numberField} eq ${odataLiteral('Int64', search)}`,
			]
		: [];
	return [...numbers, ...texts].join(' or ');
}

function newerNames(row: ExactRow): ExactRow {
	if (!('HID' in row) && !('Main' in row)) return row;
	const { HID, Main, ...rest } = row;
	return {
		...rest,
		...(HID === undefined ? {} : { Hid: HID }),
		...(Main === undefined ? {} : { IsMainDivision: Main }),
	};
}
