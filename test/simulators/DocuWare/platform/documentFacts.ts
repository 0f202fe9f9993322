import { isRecord } from '../../shared/requestBody';
import { errorAnswer, resourceAnswer } from '../http/answers';
import { contentTypeOf } from '../http/simulatedRequest';
import { valueOf } from '../world/systemValues';
import { isAnswer } from './authentication';
import { platformPath } from './call';
import type { SignedInHandler } from './call';
import { documentsAnswer } from './documentResult';
import { documentFor } from './documents';
import { cabinetById, rightsOf } from './fileCabinets';
import { readJson } from './jsonBody';

/** `GET Documents/{id}/DocumentLinks` (docs/facts/docuware.md 7.3, 7.4). */
export const getDocumentLinks: SignedInHandler = (call, principal) => {
	const found = documentFor(call, principal, 'General_DisplayDocument');
	if (isAnswer(found)) return found;
	const { document, cabinet } = found;
	const self = `${platformPath}/FileCabinets/${cabinet.id}/Documents/${document.id}/DocumentLinks`;
	return resourceAnswer(call.request, 'DocumentLinks', {
		Items: (cabinet.documentLinks ?? []).map(({ id, name, isInvalid, targetCabinetId }) => ({
			Id: id,
			Name: name,
			IsInvalid: isInvalid === true,
			TargetFileCabinet: targetCabinetId,
			TargetResultList: '',
			Links: isInvalid === true ? [] : [{ rel: 'result', href: `${self}/${id}/Result` }],
		})),
		Links: [{ rel: 'self', href: self }],
	});
};

/** What a link leads to: documents with the same value; a path that only the link `result` tells. */
export const getLinkedDocuments: SignedInHandler = (call, principal) => {
	const found = documentFor(call, principal, 'General_DisplayDocument');
	if (isAnswer(found)) return found;
	const { document, cabinet } = found;
	const linkId = call.parameters['linkId'] ?? '';
	const link = cabinet.documentLinks?.find(({ id }) => id === linkId);
	if (link === undefined || link.isInvalid === true) {
		return errorAnswer(call.request, 404, `There is no link '${linkId}'.`);
	}
	const target = cabinetById(call, principal, link.targetCabinetId, 'General_Search');
	if (isAnswer(target)) return target;
	const value = valueOf(document, link.field);
	const linked = call.server.documents
		.inCabinet(target.id)
		.filter((other) => other !== document && value !== undefined)
		.filter((other) => valueOf(other, link.field) === value);
	return documentsAnswer(call, principal, linked);
};

/**
 * `POST Documents/{id}/Rights` with `{Right: […]}`: which of these the user has, or by switch all that he
 * has (7.4, uncertain). A GET tells all of them.
 */
export const getRights: SignedInHandler = (call, principal) => {
	const found = documentFor(call, principal, 'General_DisplayDocument');
	if (isAnswer(found)) return found;
	const own = rightsOf(principal.user, found.cabinet);
	if (call.request.method !== 'GET' && call.server.switches.rightsRequest === 'get') {
		return errorAnswer(call.request, 405, 'The resource does not support the method POST.');
	}
	if (call.request.method === 'GET') {
		return resourceAnswer(call.request, 'Rights', { Right: own });
	}
	const body = readJson(call);
	if (isAnswer(body)) return body;
	const { Right: asked } = body.sent;
	if (!Array.isArray(asked)) {
		return errorAnswer(call.request, 400, 'The rights cannot be read.');
	}
	const selected = own.filter((right) => asked.includes(right));
	return resourceAnswer(call.request, 'Rights', {
		Right: call.server.switches.rightsAnswer === 'all' ? own : selected,
	});
};

/** The relation `auditInformation`: what was done with a document; GET, or POST with `{Start, Count}` (7.4). */
export const getAuditInformation: SignedInHandler = (call, principal) => {
	const found = documentFor(call, principal, 'General_DisplayDocument');
	if (isAnswer(found)) return found;
	const { document } = found;
	const events = [
		{ Event: 'DocumentStored', User: document.storedBy, Date: document.storedAt },
		...(document.modifiedAt === document.storedAt
			? []
			: [{ Event: 'DocumentModified', User: document.modifiedBy, Date: document.modifiedAt }]),
	];
	const body = contentTypeOf(call.request) === '' ? { sent: {} } : readJson(call);
	if (isAnswer(body)) return body;
	const start = numberIn(body.sent, 'Start', 0);
	const count = numberIn(body.sent, 'Count', 100);
	return resourceAnswer(call.request, 'AuditEvents', {
		Events: events.slice(start, start + count).map((event, index) => ({
			AuditEvent: {
				Id: start + index + 1,
				Type: 'Document',
				Name: event.Event,
				...event,
				Date: `/Date(${event.Date})/`,
			},
			Links: [],
		})),
		Links: [],
	});
};

function numberIn(sent: unknown, name: string, fallback: number): number {
	const value = isRecord(sent) ? sent[name] : undefined;
	return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : fallback;
}
