import { errorAnswer, resourceAnswer } from '../http/answers';
import type { StoredSection } from '../world/documents';
import { textshotOf } from '../world/textshot';
import { isAnswer } from './authentication';
import type { SignedInHandler } from './call';
import { sectionFor } from './sectionResource';

/** Largest text that is recognized as it is, in bytes. */
const readableBytes = 5_000_000;

/**
 * `GET Sections/{id}/Textshot` (docs/facts/docuware.md 7.1): of a text its words, of another file a page
 * that names it. 404 where the server has not recognized it, by switch.
 */
export const getTextshot: SignedInHandler = (call, principal) => {
	const found = sectionFor(call, principal, 'General_DisplayDocument');
	if (isAnswer(found)) return found;
	const { switches } = call.server;
	if (!switches.textRecognition) {
		return errorAnswer(call.request, 404, 'There is no text of this section.');
	}
	return resourceAnswer(
		call.request,
		'DocumentContent',
		textshotOf(textOf(found.section), switches.textshotSingles),
	);
};

function textOf({ name, contentType, content }: StoredSection): string {
	const isText = contentType.startsWith('text/') && content.isKept && content.size < readableBytes;
	return isText ? content.bytes().toString('utf8') : `Recognized text of ${name}`;
}
