import { emptyAnswer, textAnswer, type Answer } from '../../shared/answers';
import { errorAnswer } from '../http/answers';
import { parseTimeSpan } from '../sessions/timeSpan';
import { isAnswer } from './authentication';
import type { PlatformCall, SignedInHandler } from './call';
import { documentFor } from './documents';
import { held, lockOf } from './holds';
import { readJson } from './jsonBody';

/** `POST Documents/{id}/Lock` with `{Interval, Operation}` (docs/facts/docuware.md 7.3, 7.4). */
export const lockDocument: SignedInHandler = (call, principal) => {
	const found = documentFor(call, principal, 'General_EditDocuments');
	if (isAnswer(found)) return found;
	const body = readJson(call);
	if (isAnswer(body)) return body;
	const { server, request } = call;
	const { document } = found;
	const { Interval: interval, Operation: sent } = body.sent;
	const milliseconds =
		typeof interval === 'string' ? parseTimeSpan(withPoint(interval)) : undefined;
	if (milliseconds === undefined || milliseconds <= 0) {
		return errorAnswer(request, 422, `'${String(interval)}' is not valid Interval`);
	}
	const operation = typeof sent === 'string' ? sent : '';
	const present = lockOf(server.now(), document);
	if (present !== undefined && present.operation !== operation) {
		return held(call, `The document ${document.id} is locked for '${present.operation}'.`);
	}
	document.lock = {
		userName: principal.user.name,
		operation,
		until: server.now() + server.scaledMs(milliseconds / 1000),
	};
	return lockAnswer(call);
};

function lockAnswer({ server }: PlatformCall): Answer {
	switch (server.switches.lockAnswer) {
		case 'empty':
			return emptyAnswer(200);
		case 'id':
			// Its digits hold a word of failure by chance.
			return textAnswer(200, '7c1e0bad-5f2a-4b7f-9e0a-0d6a3c1f1a02');
		case 'word':
			return textAnswer(200, 'Done');
	}
}

/** `0:0:1:0.0` of the vendor's sample: days stand before a colon, too. */
function withPoint(interval: string): string {
	return interval.replace(/^(\d+):(?=\d+:\d+:\d+)/, '$1.');
}

/** `DELETE Documents/{id}/Lock`; one that is gone does no harm. */
export const unlockDocument: SignedInHandler = (call, principal) => {
	const found = documentFor(call, principal, 'General_EditDocuments');
	if (isAnswer(found)) return found;
	delete found.document.lock;
	return lockAnswer(call);
};
