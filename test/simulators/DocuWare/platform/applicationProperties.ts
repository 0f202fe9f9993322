import { isRecord } from '../../shared/requestBody';
import { errorAnswer, resourceAnswer } from '../http/answers';
import type { StoredDocument } from '../world/documents';
import { isAnswer } from './authentication';
import type { SignedInHandler } from './call';
import { documentFor } from './documents';
import { readJson } from './jsonBody';

/** `GET Documents/{id}/DocumentApplicationProperties` (docs/facts/docuware.md 7.3). */
export const getApplicationProperties: SignedInHandler = (call, principal) => {
	const found = documentFor(call, principal, 'General_DisplayDocument');
	if (isAnswer(found)) return found;
	return resourceAnswer(
		call.request,
		'DocumentApplicationProperties',
		propertiesOf(found.document),
	);
};

/** `POST`: sets those that are named; an empty value, or null, deletes one (7.3, 7.4). */
export const setApplicationProperties: SignedInHandler = (call, principal) => {
	const found = documentFor(call, principal, 'General_Edit');
	if (isAnswer(found)) return found;
	const body = readJson(call);
	if (isAnswer(body)) return body;
	const { document } = found;
	const { DocumentApplicationProperty: sent } = body.sent;
	const isKnown = (entry: unknown): entry is { Name: string; Value: string | null } =>
		isRecord(entry) &&
		typeof entry['Name'] === 'string' &&
		entry['Name'] !== '' &&
		(typeof entry['Value'] === 'string' || entry['Value'] === null);
	if (!Array.isArray(sent) || !sent.every(isKnown)) {
		return errorAnswer(call.request, 400, 'The properties cannot be read.');
	}
	for (const { Name, Value } of sent) {
		const at = document.properties.findIndex((property) => property.Name === Name);
		if (Value === null || Value === '') {
			if (at >= 0) document.properties.splice(at, 1);
		} else if (at >= 0) document.properties[at] = { Name, Value };
		else document.properties.push({ Name, Value });
	}
	return resourceAnswer(call.request, 'DocumentApplicationProperties', propertiesOf(document));
};

function propertiesOf({ properties }: StoredDocument): object {
	return { DocumentApplicationProperty: properties };
}
