import { isConnectorError, passOn } from '../../shared/errors';
import { isRecord } from '../../shared/http';
import { FieldNames } from '../fields/fieldNames';
import { readFieldValue } from '../fields/readFields';
import { indexFieldsOf, type IndexField } from '../fields/indexFields';
import { readCabinetList, type CabinetList } from './cabinetList';
import { ambiguousName, byName, unknownName } from './cabinetNames';
import { allRows } from './listPages';
import { linkIn } from '../platform/links';
import type { PlatformCall, PlatformClient, PlatformResource } from './platformClient';
import type { Asker } from './relations';
import type { RunMemory } from './runMemory';

/** Which of the two kinds of places for documents is meant; DocuWare delivers both in one list. */
export type CabinetKind = 'cabinets' | 'trays' | 'both';

/** Kinds of dialogs that are told apart here, as DocuWare names them (docs/facts/docuware.md 6.1). */
export type DialogType = 'Search' | 'Store' | 'ResultList' | 'InfoDialog' | 'TaskList';

/** A file cabinet or a document tray. */
export interface Cabinet {
	id: string;
	name: string;
	fields: readonly IndexField[];
	/** The same fields, found by what people call them. */
	names: FieldNames;
	/** The answer of the service. */
	resource: PlatformResource;
}

/** A dialog as the list of dialogs has it. */
export interface DialogSummary {
	id: string;
	name: string;
	type: string;
	isDefault: boolean;
	resource: PlatformResource;
}

/** A dialog with its fields. */
export interface Dialog {
	id: string;
	name: string;
	fields: readonly IndexField[];
	names: FieldNames;
	resource: PlatformResource;
}

/** What of a select list is wanted. */
export interface SelectListRequest {
	dialogId?: string;
	/** Values that begin so. */
	prefix?: string;
	/** Most values. */
	limit: number;
	/** Numbers and dates as such. */
	typed?: boolean;
}

/** The dialog that every user has, with all fields (docs/facts/docuware.md 6.1). */
export const ALL_FIELDS_DIALOG = '00000000-0000-0000-0000-000000000000';

const ID = /^(?:b_)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A document tray is marked, and its ID begins with `b_` (docs/facts/docuware.md 6.1). */
export function isKind(row: PlatformResource, kind: CabinetKind): boolean {
	if (kind === 'both') return true;
	const isTray = row.IsBasket === true || String(row.Id).startsWith('b_');
	return isTray === (kind === 'trays');
}

/**
 * Fields, dialogs and select lists of file cabinets, each asked for once in a run of the node. Its methods throw
 * ConnectorError as `PlatformClient` does, and what they say of themselves.
 */
export class CabinetFacts implements Asker {
	constructor(
		readonly client: PlatformClient,
		readonly memory: RunMemory,
		readonly signal: AbortSignal | undefined = undefined,
		/** Whether something is changed in what names lead to. */
		private readonly isForChange = false,
	) {}

	/** File cabinets and trays, as the service delivers them; see `readCabinetList`. */
	async list(): Promise<readonly PlatformResource[]> {
		return (await this.knownList()).rows;
	}

	private async knownList(): Promise<CabinetList> {
		const { client } = this;
		return await this.once('known list', async () => {
			// A second file cabinet of the name may have been made since; what is changed must be the one that is meant.
			const fresh = this.isForChange && (await client.session.mayListCabinets());
			return await readCabinetList(this, { fresh });
		});
	}

	/** The same as it is now, asked for once in a run. */
	async presentList(organizationId = ''): Promise<readonly PlatformResource[]> {
		return await this.once(
			`list|${organizationId}`,
			async () => (await readCabinetList(this, { organizationId, fresh: true })).rows,
		);
	}

	/**
	 * The ID of a file cabinet or tray that is given by ID or by name. What looks like an ID is one, and what is the ID of
	 * one in the list, unless it is said to be a name.
	 *
	 * @throws ConnectorError DOCUWARE_UNKNOWN_NAME for a name that nothing has, DOCUWARE_AMBIGUOUS_NAME for one that
	 * several have
	 */
	async idOf(given: string, kind: CabinetKind, isName = false): Promise<string> {
		const text = given.trim();
		if (!isName && ID.test(text)) return text;
		return await this.once(`id|${kind}|${isName}|${text}`, async () => {
			const known = isName ? undefined : await this.listedId(text, kind);
			return known ?? (await this.idOfName(text, kind));
		});
	}

	/** Nobody promises what IDs look like. */
	private async listedId(id: string, kind: CabinetKind): Promise<string | undefined> {
		const { rows } = await this.knownList();
		return rows.some((row) => row.Id === id && isKind(row, kind)) ? id : undefined;
	}

	private async idOfName(name: string, kind: CabinetKind): Promise<string> {
		const list = await this.knownList();
		const known = namedIn(list.rows, name, kind);
		const isSure = list.isKept ? await this.isStillNamed(known, name) : known.length > 0;
		const rows = isSure ? list.rows : await this.presentList();
		const found = isSure ? known : namedIn(rows, name, kind);
		const [one, another] = found;
		if (one !== undefined && another === undefined) return String(one.Id);
		if (one !== undefined) throw ambiguousName(WORDS[kind], name, found.map(idIn));
		throw unknownName(WORDS[kind], name, rows.filter((row) => isKind(row, kind)).map(nameOf));
	}

	/** In a list that is some minutes old, a cabinet may be new, gone, or named otherwise by now. */
	private async isStillNamed(known: readonly PlatformResource[], name: string): Promise<boolean> {
		const [one, another] = known;
		if (one === undefined || another !== undefined) return false;
		// One that cannot be read is looked up anew; what hinders it shows there.
		const present = await this.cabinet(String(one.Id)).catch(() => undefined);
		return present?.name.trim().toLowerCase() === name.toLowerCase();
	}

	/** A file cabinet or tray with its fields. */
	async cabinet(id: string): Promise<Cabinet> {
		return await this.once(`cabinet|${id}`, async () => {
			const resource = await this.client.read({ path: cabinetPath(id), signal: this.signal });
			const fields = indexFieldsOf(resource.Fields);
			const name = nameOf(resource);
			const names = new FieldNames(fields, `the file cabinet ${name}`);
			return { id, name, fields, names, resource };
		});
	}

	/** The dialogs of a file cabinet, those left out that are none of their own (docs/facts/docuware.md 6.1). */
	async dialogs(cabinetId: string, type?: DialogType): Promise<DialogSummary[]> {
		const all = await this.once(`dialogs|${cabinetId}`, async () => {
			const path = (await this.linkOfDialogs(cabinetId)) ?? `${cabinetPath(cabinetId)}/Dialogs`;
			const rows = await allRows(this.client.pages({ path, signal: this.signal }, 'Dialog'));
			return rows.filter(isOwnDialog).map(dialogSummary);
		});
		return type === undefined ? all : all.filter((dialog) => dialog.type === type);
	}

	/**
	 * The ID of a dialog that is given by ID or by name.
	 * @throws ConnectorError DOCUWARE_UNKNOWN_NAME, DOCUWARE_AMBIGUOUS_NAME
	 */
	async dialogIdOf(cabinetId: string, given: string, type?: DialogType): Promise<string> {
		const text = given.trim();
		if (ID.test(text)) return text;
		const dialogs = await this.dialogs(cabinetId, type);
		if (dialogs.some(({ id }) => id === text)) return text;
		const ids = byName(dialogs, text, ({ name }) => name).map(({ id }) => id);
		const [one, another] = ids;
		if (one !== undefined && another === undefined) return one;
		if (one !== undefined) throw ambiguousName('dialogs', text, ids);
		const names = dialogs.map(({ name }) => name);
		throw unknownName('dialogs', text, names);
	}

	/** A dialog with its fields. */
	async dialog(cabinetId: string, dialogId: string): Promise<Dialog> {
		return await this.once(`dialog|${cabinetId}|${dialogId}`, async () => {
			const path = await this.dialogAddress(cabinetId, dialogId);
			const resource = await this.client.read({ path, signal: this.signal });
			const name = String(resource.DisplayName ?? dialogId);
			const own = indexFieldsOf(resource.Fields);
			// A dialog tells of tables only that they are there.
			const known = own.some(({ type }) => type === 'Table') ? await this.cabinet(cabinetId) : null;
			const fields = own.map((field) => withColumns(field, known?.fields ?? []));
			const names = new FieldNames(fields, `the dialog ${name}`);
			return { id: dialogId, name, fields, names, resource };
		});
	}

	/** Where a dialog says that its documents are searched or counted; undefined where it says nothing. */
	async queryAddress(
		cabinetId: string,
		dialogId: string,
		rel: 'count' | 'dialogExpression',
	): Promise<URL | undefined> {
		return this.queryLinkIn((await this.dialog(cabinetId, dialogId)).resource, rel);
	}

	/** The same for a dialog that was read. */
	queryLinkIn(
		{ Query: query }: PlatformResource,
		rel: 'count' | 'dialogExpression',
	): URL | undefined {
		return isRecord(query) ? this.linkIn(query, rel) : undefined;
	}

	/**
	 * Asks something of the dialog of all fields, which is read for its links only where its usual place is not there:
	 * a poll, say, would else take a second request each time.
	 *
	 * @param usual path
	 * @param linkIn where the dialog says that it is; undefined where it does not
	 */
	async askAllFields<T>(
		cabinetId: string,
		usual: string,
		ask: (path: string | URL) => Promise<T>,
		linkIn: (dialog: PlatformResource) => URL | undefined,
	): Promise<T> {
		const { session } = this.client;
		const question = `facts: all fields elsewhere|${cabinetId}`;
		try {
			if (!this.memory.knows(session, question)) return await ask(usual);
		} catch (error) {
			if (!isConnectorError(error) || error.code !== 'DOCUWARE_NOT_FOUND') passOn(error);
			const dialog = await this.dialog(cabinetId, ALL_FIELDS_DIALOG).catch(() => passOn(error));
			const link = linkIn(dialog.resource);
			if (link === undefined || this.isAt(link, usual)) passOn(error);
			const answer = await ask(link);
			this.memory.note(session, question);
			return answer;
		}
		const { resource } = await this.dialog(cabinetId, ALL_FIELDS_DIALOG);
		return await ask(linkIn(resource) ?? usual);
	}

	/** No list of dialogs has the one of all fields (docs/facts/docuware.md 6.1). */
	private async linkOfAllFields(cabinetId: string): Promise<URL | undefined> {
		return this.linkIn((await this.cabinet(cabinetId)).resource, 'customSearch');
	}

	private isAt(link: URL, path: string): boolean {
		return link.pathname.toLowerCase() === this.client.address(path).pathname.toLowerCase();
	}

	private async linkOfDialogs(cabinetId: string): Promise<URL | undefined> {
		return this.linkIn((await this.cabinet(cabinetId)).resource, 'dialogs');
	}

	/** Where the list of dialogs says that it is; at its usual place where the list is at its own. */
	private async dialogAddress(cabinetId: string, dialogId: string): Promise<string | URL> {
		const list = `${cabinetPath(cabinetId)}/Dialogs`;
		const usual = `${list}/${encodeURIComponent(dialogId)}`;
		if (dialogId === ALL_FIELDS_DIALOG) return (await this.linkOfAllFields(cabinetId)) ?? usual;
		const link = await this.linkOfDialogs(cabinetId);
		if (link === undefined || this.isAt(link, list)) return usual;
		const known = (await this.dialogs(cabinetId)).find(({ id }) => id === dialogId);
		return (known && this.linkIn(known.resource, 'self')) ?? usual;
	}

	private linkIn(resource: PlatformResource, rel: string): URL | undefined {
		return linkIn(this.client.session, resource, rel);
	}

	/** The link of a dialog's field to its select list. */
	private async linkOfList(
		cabinetId: string,
		dialogId: string,
		fieldName: string,
	): Promise<URL | undefined> {
		const { resource } = await this.dialog(cabinetId, dialogId);
		return this.listIn(resource, fieldName);
	}

	private listIn({ Fields: fields }: PlatformResource, fieldName: string): URL | undefined {
		const all: unknown[] = Array.isArray(fields) ? fields : [];
		const field = all.filter(isRecord).find(({ DBFieldName: name }) => name === fieldName);
		return field && this.linkIn(field, 'simpleSelectList');
	}

	/**
	 * Values of a field's select list (docs/facts/docuware.md 6.2).
	 * @param dialogId whose list it is; default the dialog of all fields
	 */
	async selectList(
		cabinetId: string,
		fieldName: string,
		{ dialogId = ALL_FIELDS_DIALOG, prefix = '', limit, typed = false }: SelectListRequest,
	): Promise<unknown[]> {
		const usual = `${cabinetPath(cabinetId)}/Query/SelectListExpression`;
		const named: PlatformCall['query'] = [
			['DialogId', dialogId],
			['FieldName', fieldName],
		];
		const ask = async (path: string | URL) =>
			await this.client.query(
				{ path, query: path === usual ? named : [], signal: this.signal },
				{ ValuePrefix: prefix, Limit: limit, Typed: typed, ExcludeExternal: false },
			);
		const answer =
			dialogId === ALL_FIELDS_DIALOG
				? await this.askAllFields(cabinetId, usual, ask, (all) => this.listIn(all, fieldName))
				: await ask((await this.linkOfList(cabinetId, dialogId, fieldName)) ?? usual);
		const { Value: values, TypedValue: typedValues } = answer;
		if (Array.isArray(values)) return (values as unknown[]).map(plainEntry);
		return Array.isArray(typedValues) ? (typedValues as unknown[]).map(plainEntry) : [];
	}

	/** The default dialog of a type, else the first one; undefined where the user has none. */
	async defaultDialog(cabinetId: string, type: DialogType): Promise<DialogSummary | undefined> {
		const dialogs = await this.dialogs(cabinetId, type);
		return dialogs.find(({ isDefault }) => isDefault) ?? dialogs[0];
	}

	private async once<T>(what: string, ask: () => Promise<T>): Promise<T> {
		return await this.memory.once(this.client.session, `facts: ${what}`, ask);
	}
}

/** Path of a file cabinet or tray below the Platform. */
export function cabinetPath(id: string): string {
	return `FileCabinets/${encodeURIComponent(id)}`;
}

/** Path of a document below the Platform. */
export function documentPath(cabinetId: string, documentId: number): string {
	return `${cabinetPath(cabinetId)}/Documents/${documentId}`;
}

const WORDS: Record<CabinetKind, string> = {
	cabinets: 'file cabinets',
	trays: 'document trays',
	both: 'file cabinets and document trays',
};

function namedIn(
	rows: readonly PlatformResource[],
	name: string,
	kind: CabinetKind,
): PlatformResource[] {
	return byName(
		rows.filter((row) => isKind(row, kind)),
		name,
		nameOf,
	);
}

/** A typed entry is a value like that of a field. */
function plainEntry(entry: unknown): unknown {
	return isRecord(entry) && 'ItemElementName' in entry ? readFieldValue(entry) : entry;
}

function nameOf({ Name, Id }: PlatformResource): string {
	return typeof Name === 'string' && Name.trim() !== '' ? Name : String(Id);
}

function idIn({ Id }: PlatformResource): string {
	return String(Id);
}

function isOwnDialog({ Id, $type: type }: PlatformResource): boolean {
	return !String(Id).includes('_') && (type === undefined || type === 'DialogInfo');
}

function dialogSummary(resource: PlatformResource): DialogSummary {
	const { Id, DisplayName, Type, IsDefault } = resource;
	return {
		id: String(Id),
		name: String(DisplayName ?? Id),
		type: String(Type),
		isDefault: IsDefault === true,
		resource,
	};
}

function withColumns(field: IndexField, known: readonly IndexField[]): IndexField {
	if (field.columns.length > 0) return field;
	const columns = known.find(({ name }) => name === field.name)?.columns ?? [];
	return { ...field, columns };
}
