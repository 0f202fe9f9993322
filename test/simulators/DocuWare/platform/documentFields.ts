import { isRecord, parseJsonObject } from '../../shared/requestBody';
import { errorAnswer, resourceAnswer } from '../http/answers';
import { contentTypeOf } from '../http/simulatedRequest';
import { fieldOf } from '../world/cabinets';
import { valueOf } from '../world/systemValues';
import { isAnswer } from './authentication';
import type { SignedInHandler } from './call';
import { fieldResource } from './documentResource';
import { documentFor } from './documents';
import { changeValues, indexed, storeDialogOf } from './indexing';
import { queryOf } from './organizations';

/** Content types of an update (docs/facts/docuware.md 7.3). */
const updateTypes = [
	'application/json',
	'application/vnd.docuware.platform.documentfieldsinfo+json',
	'application/vnd.docuware.platform.documentfields+json',
];

/** `GET Documents/{id}/Fields`. */
export const getFields: SignedInHandler = (call, principal) => {
	const found = documentFor(call, principal, 'General_DisplayDocument');
	if (isAnswer(found)) return found;
	const { document, cabinet } = found;
	return resourceAnswer(call.request, 'DocumentIndexFields', {
		Field: cabinet.fields.map((field) =>
			fieldResource(field, valueOf(document, field.DBFieldName), call.server.switches),
		),
	});
};

/**
 * `PUT` or `POST Documents/{id}/Fields` with `{"Field": […]}` (docs/facts/docuware.md 7.3). Fields that are
 * not named stay as they are; the answer has those that were.
 */
export const updateFields: SignedInHandler = (call, principal) => {
	const { request, server } = call;
	const found = documentFor(call, principal, 'General_Edit');
	if (isAnswer(found)) return found;
	const { document, cabinet } = found;
	if (!updateTypes.includes(contentTypeOf(request))) {
		return errorAnswer(request, 415, `The content type '${contentTypeOf(request)}' is not known.`);
	}
	const body = parseJsonObject(request.body);
	const sent: unknown = body?.['Field'];
	if (!Array.isArray(sent)) return errorAnswer(request, 400, 'The index data cannot be read.');
	const dialog = storeDialogOf(call, principal, cabinet, queryOf(request.url)('storedialogid'));
	if (dialog !== undefined && isAnswer(dialog)) return dialog;
	const values = indexed(call, cabinet, dialog, document.values, sent);
	changeValues(call, principal, document, values);
	const named = sent.map((entry) =>
		isRecord(entry) ? fieldOf(cabinet, String(entry['FieldName'])) : undefined,
	);
	return resourceAnswer(request, 'DocumentIndexFields', {
		Field: named
			.filter((field) => field !== undefined)
			.map((field) => fieldResource(field, valueOf(document, field.DBFieldName), server.switches)),
	});
};
