import type { Answer } from '../../shared/answers';
import { errorAnswer, resourceAnswer } from '../http/answers';
import { sameText } from '../simulatedServer';
import { expressionTest, mostResults, pageOf } from '../search/expression';
import { sorted, sortKeysOf } from '../search/sorting';
import type { StoredDocument } from '../world/documents';
import type { TrashedDocument } from '../world/documentStore';
import { field, systemFields } from '../world/fields';
import type { SimulatedField } from '../world/fields';
import { isAnswer } from './authentication';
import { platformPath } from './call';
import type { PlatformCall, Principal, SignedInHandler } from './call';
import { itemOf } from './documentResource';
import { rightsOf } from './fileCabinets';
import { tableRows } from './resultResource';
import { jsonBody } from './searches';
import { searchRulesOf } from './searchRules';
import { answerTimeOf } from './writingRules';
import { valueOf } from '../world/systemValues';

/** Columns of the trash bin that documents do not have; `ID` is what restoring and deleting take. */
const trashFields: readonly SimulatedField[] = [
	field('ID', 'ID', 'Text', { Scope: 'System' }),
	field('DELETEDATETIME', 'Deleted on', 'DateTime', { Scope: 'System' }),
	field('DELETEUSER', 'Deleted by', 'Text', { Scope: 'System' }),
];

/** Fields of the system that the table shows beside them. */
const shownFields = systemFields.filter(({ DBFieldName: name }) =>
	['DWDOCID', 'DWSTOREDATETIME', 'DWSTOREUSER', 'DWEXTENSION', 'DWDOCSIZE'].includes(name),
);

/** `GET TrashBin`: where its documents are searched, restored and deleted (docs/facts/docuware.md 7.3). */
export const getTrashBin: SignedInHandler = ({ request }) => {
	const self = `${platformPath}/TrashBin`;
	return resourceAnswer(request, 'TrashBin', {
		Links: [
			{ rel: 'queryDocuments', href: `${self}/Query` },
			{ rel: 'batchRestore', href: `${self}/BatchRestore` },
			{ rel: 'batchDelete', href: `${self}/BatchDelete` },
		],
	});
};

/** `POST TrashBin/Query`: a query without a dialog, answered as a table (docs/facts/docuware.md 7.3). */
export const queryTrashBin: SignedInHandler = (call, principal) => {
	const { request, server } = call;
	const body = jsonBody(call, 'dialogexpression');
	if (isAnswer(body)) return body;
	const rows = visible(call, principal).map(asDocument);
	const fields = [...trashFields, ...systemFields, ...fieldsOfUser(call, principal)];
	const fits = expressionTest(
		body,
		{ fields, hasFullText: true },
		searchRulesOf(server.switches, principal.user),
	);
	const found = sorted(rows.filter(fits), sortKeysOf(body['SortOrder'], fields));
	const page = pageOf(body['Start'], body['Count'], server.switches.defaultPageSize);
	if (page.count > mostResults) {
		return errorAnswer(
			request,
			422,
			`SearchResultLimitExceed: The requested count ${page.count} exceeds the system limit of ${mostResults} per request. Please lower count value and use paging`,
		);
	}
	const items = found.slice(page.start, page.start + page.count);
	const shown = [...trashFields, ...shownFields];
	const isWhole = server.switches.countValue === 'all' || body['CalculateTotalCount'] === true;
	return resourceAnswer(request, 'DocumentsQueryTableResult', {
		Count: {
			HasMore: page.start + items.length < found.length,
			ExceedLimit: false,
			Value: isWhole ? found.length : items.length,
		},
		TimeStamp: answerTimeOf(server),
		Headers: shown.map((entry) => ({
			FieldName: entry.DBFieldName,
			Type: entry.DWFieldType,
			FieldLabel: entry.DisplayName,
			Kind: 'System',
		})),
		Rows: tableRows(
			items.map((item) =>
				shown.map((entry) => {
					const value = item.values[entry.DBFieldName] ?? valueOf(item, entry.DBFieldName);
					return value === undefined ? null : itemOf(entry, value, server.switches);
				}),
			),
			server.switches.tableRows === 'objects',
		),
		Links: [],
	});
};

/** `POST TrashBin/BatchRestore`. */
export const restoreFromTrash: SignedInHandler = (call, principal) =>
	eachOf(call, principal, (id) => call.server.documents.restore(id));

/** `POST TrashBin/BatchDelete`. */
export const deleteFromTrash: SignedInHandler = (call, principal) =>
	eachOf(call, principal, (id) => call.server.documents.deleteForever(id));

function eachOf(call: PlatformCall, principal: Principal, work: (id: string) => boolean): Answer {
	const body = jsonBody(call);
	if (isAnswer(body)) return body;
	const ids: unknown = body['Id'];
	if (!Array.isArray(ids) || !ids.every((id) => typeof id === 'string')) {
		return errorAnswer(call.request, 400, 'Id is a list of texts.');
	}
	const allowed = new Set(visible(call, principal).map(({ id }) => id));
	const failed = ids.filter((id) => !(allowed.has(id) && work(id)));
	return resourceAnswer(call.request, 'TrashBinResult', {
		FailedItems: failed.map((id: string) => ({
			Id: id,
			ErrorMessage: `The document '${id}' is not in the trash bin.`,
		})),
		SuccessCount: ids.length - failed.length,
	});
}

/** Documents of cabinets in which the user may delete. */
function visible({ server }: PlatformCall, { user }: Principal): TrashedDocument[] {
	return server.documents.discarded().filter(({ document }) => {
		const cabinet = server.world.fileCabinets.find(({ id }) =>
			sameText(id, document.fileCabinetId),
		);
		return (
			cabinet !== undefined &&
			cabinet.organizationId === user.organizationId &&
			user.deniedCabinets?.includes(cabinet.id) !== true &&
			rightsOf(user, cabinet).includes('General_DeleteDocuments')
		);
	});
}

/** A deleted document with the columns of the trash bin as values of its own. */
function asDocument({ id, document, deletedAt, deletedBy }: TrashedDocument): StoredDocument {
	const values = { ...document.values, ID: id, DELETEDATETIME: deletedAt, DELETEUSER: deletedBy };
	return { ...document, values };
}

function fieldsOfUser({ server }: PlatformCall, { user }: Principal): SimulatedField[] {
	return server.world.fileCabinets
		.filter(({ organizationId }) => organizationId === user.organizationId)
		.flatMap(({ fields }) => fields.filter(({ Scope: scope }) => scope === 'User'));
}
