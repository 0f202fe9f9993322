import { processState } from '../../../shared/process/processState';
import { rememberLatest } from '../../../shared/process/rememberLatest';
import type { ExactOnlineClient } from '../../api/exactOnlineClient';

/** What Exact's answers have told about reading an endpoint. */
export type LearntFact =
	/** The endpoint with 1,000 rows a page is refused. */
	| 'noBulk'
	/** Only with a filter, such as one on the key. */
	| 'filter'
	/** Only with a filter, which may be one on the time of the last change, but not one on the key. */
	| 'filterModified'
	/** Only with the fields named. */
	| 'select'
	/** A look-up of several records together is refused. */
	| 'oneByOne'
	/** The lists of divisions are refused, which tell whether one has moved. */
	| 'noMoves';

/** Exact changes its rules by app and endpoint, so that nothing is believed for longer, in milliseconds. */
const BELIEVED_MS = 86_400_000;

const MOST_REMEMBERED = 5_000;

/** Until when a fact is believed (wall clock, ms), by app, user, division, endpoint and fact. */
function learnt(): Map<string, number> {
	return processState('exactListing1', () => new Map<string, number>());
}

function keyOf({ userKey }: ExactOnlineClient, division: number, path: string, fact: LearntFact) {
	return JSON.stringify([userKey, division, path, fact]);
}

/** Remembers for a day what an answer has told. */
export function learn(
	client: ExactOnlineClient,
	division: number,
	path: string,
	fact: LearntFact,
): void {
	const until = Date.now() + BELIEVED_MS;
	rememberLatest(learnt(), keyOf(client, division, path, fact), until, MOST_REMEMBERED);
}

/** Whether an answer of the last day has told so. */
export function isLearnt(
	client: ExactOnlineClient,
	division: number,
	path: string,
	fact: LearntFact,
): boolean {
	return (learnt().get(keyOf(client, division, path, fact)) ?? 0) > Date.now();
}
