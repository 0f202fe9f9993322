import { errorAnswer, resourceAnswer } from '../http/answers';
import { pageOf } from '../search/expression';
import { allFieldsDialogId, fieldOf } from '../world/cabinets';
import type { SimulatedField } from '../world/fields';
import { itemElements } from '../world/fields';
import { valueOf } from '../world/systemValues';
import { isAnswer } from './authentication';
import type { SignedInHandler } from './call';
import { fieldsOfDialog } from './dialogs';
import { itemOf } from './documentResource';
import { cabinetFor } from './fileCabinets';
import { queryOf } from './organizations';
import { expressionIn, hits, jsonBody } from './searches';
import { sameText } from '../simulatedServer';
import type { IndexValue } from '../world/documents';

/**
 * `POST Query/SelectListExpression?DialogId=&FieldName=`, and `GET` of the link `simpleSelectList`
 * (docs/facts/docuware.md 6.2): the entries of the list that the dialog has for the field, else the values that
 * stand in documents, those of the expression alone where the body has one.
 */
export const selectListValues: SignedInHandler = (call, principal) => {
	const { request, server } = call;
	const cabinet = cabinetFor(call, principal, 'General_Search');
	if (isAnswer(cabinet)) return cabinet;
	const body = request.method === 'GET' ? {} : jsonBody(call, 'selectlistexpression');
	if (isAnswer(body)) return body;
	const query = queryOf(request.url);
	const id = query('dialogid') ?? '';
	const dialog = cabinet.dialogs.find((entry) => sameText(entry.id, id));
	if (dialog === undefined && id !== '' && !sameText(id, allFieldsDialogId)) {
		return errorAnswer(request, 422, `'${id}' is not valid dialog id`);
	}
	const name = query('fieldname') ?? body['FieldName'];
	const shown = dialog === undefined ? undefined : fieldsOfDialog(cabinet, dialog);
	const field =
		typeof name !== 'string'
			? undefined
			: fieldOf({ fields: shown?.map((entry) => entry.field) ?? cabinet.fields }, name);
	if (field === undefined || field.DWFieldType === 'Table' || field.DWFieldType === 'Memo') {
		return errorAnswer(request, 422, `The field '${String(name)}' has no select list.`);
	}
	const list = shown?.find((entry) => entry.field === field)?.entry.selectList;
	const search = {
		cabinet,
		dialog: { id: allFieldsDialogId, displayName: '', type: 'Search' as const, isDefault: false },
		body: expressionIn(body),
	};
	const found = hits(call, principal, search);
	if (isAnswer(found)) return found;
	const isFiltered = body['DialogExpression'] !== undefined && body['DialogExpression'] !== null;
	const values: IndexValue[] =
		list !== undefined && !isFiltered
			? list
			: found.flatMap((document) => entriesOf(valueOf(document, field.DBFieldName)));
	const prefix = String(body['ValuePrefix'] ?? '').toLowerCase();
	const distinct = new Map(values.map((value) => [entryText(field, value), value] as const));
	const entries = [...distinct]
		.filter(([text]) => text.toLowerCase().startsWith(prefix))
		.sort(([one], [other]) => (one < other ? -1 : 1));
	const { start, count } = pageOf(body['Start'], body['Limit'] ?? body['Count'], entries.length);
	const page = entries.slice(start, start + count);
	return resourceAnswer(
		request,
		'SelectListResult',
		body['Typed'] === true
			? {
					TypedValue: page.map(([, value]) => ({
						Item: itemOf(field, value, server.switches),
						ItemElementName:
							field.DWFieldType === 'Keyword' ? 'String' : itemElements[field.DWFieldType],
					})),
				}
			: { Value: page.map(([text]) => text) },
	);
};

function entriesOf(value: IndexValue | undefined): Array<string | number> {
	if (value === undefined) return [];
	if (!Array.isArray(value)) return [value];
	return value.filter((entry) => typeof entry === 'string');
}

function entryText(field: SimulatedField, value: IndexValue): string {
	if (typeof value !== 'number') return String(value);
	if (field.DWFieldType === 'Date') return new Date(value).toISOString().slice(0, 10);
	return field.DWFieldType === 'DateTime' ? new Date(value).toISOString() : String(value);
}
