import type { ConnectorError } from '../errors';

/** Most characters of an error in a list: n8n shows about seven lines, and no sign that there are more (docs/facts/n8n.md). */
export const MOST_IN_LIST = 250;

/** n8n makes a blank of each hyphen and dash but this one. */
const UNBROKEN_HYPHEN = '\u2011';

/** Its message begins with the name of a field and a colon; all of it is what happened. */
const OF_A_FIELD = /_INVALID_VALUE$/;

/** The first sentence, up to a colon or semicolon in it; identity, address and the service's words come after that. */
const HEADLINE = /^[\s\S]*?(?=[.:;](?:\s|$)|$)/;

const FIRST_SENTENCE = /^[\s\S]*?(?=[.;](?:\s|$)|$)/;

/** What a name that is not there may have been meant for (`didYouMean`). */
const QUESTION = /\s(Did you mean [^?]*\?)$/;

const BETWEEN_SENTENCES = /(?<=[.!?])\s+(?=["A-Z])/;

/**
 * An error where n8n shows little of it, in a list or drop-down: what happened in plain words, what to do, and the
 * code. The first sentence of the repair is always there, the others as far as there is room.
 */
export function listMessage({
	code,
	message,
	repair,
	listRepair = repair,
}: Pick<ConnectorError, 'code' | 'message' | 'repair' | 'listRepair'>): string {
	const headline =
		(OF_A_FIELD.test(code) ? FIRST_SENTENCE : HEADLINE).exec(message)?.[0] ?? message;
	const cause = `${headline}.`;
	const question = QUESTION.exec(message)?.[1];
	const end = `[${code}]`;
	const [first = '', ...others] = listRepair.split(BETWEEN_SENTENCES);
	const isFit = (...parts: string[]) => [...parts, end].join(' ').length <= MOST_IN_LIST;
	const parts =
		question !== undefined && isFit(cause, question, first)
			? [cause, question, first]
			: [cause, first];
	for (const sentence of others) {
		if (!isFit(...parts, sentence)) break;
		parts.push(sentence);
	}
	return [...parts, end].join(' ').replace(/[-–—]/g, UNBROKEN_HYPHEN);
}
