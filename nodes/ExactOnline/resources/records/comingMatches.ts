import { setImmediate } from 'node:timers/promises';
import { hasExpression } from '../../../shared/node/emptyExpressions';
import { cancelled } from '../../api/clientErrors';
import type { ValueOptions } from '../../odata/edm';
import type { OperationCall } from '../operation';
import { areCodesKnown } from './codesOfRun';
import type { Place } from './findRecord';
import type { ComingMatch } from './knownMatches';
import { matchOfNames, type Match } from './matchFields';
import { readValues } from './readValues';
import { withReferencesResolved } from './references';
import { codesFor } from './wordLists';

/** Items that are read at most to fill one request. */
const AHEAD = 200;

/** Items that are read without a pause, in which n8n does its other work. */
const AT_A_TIME = 20;

/** What a record that comes later is known again by. */
export interface ComingRecord {
	values: Readonly<Record<string, unknown>>;
	options: ValueOptions;
}

/** What the next items of the run look for; they are read as they are asked for. @throws ConnectorError EXACT_CANCELLED */
export async function* comingMatches(
	call: OperationCall,
	place: Place,
	match: Match,
): AsyncGenerator<ComingMatch, void, undefined> {
	const { context, itemIndex, signal } = call;
	if (hasExpression(context.getNode().parameters.division)) return;
	const { endpoint, data } = place;
	const until = Math.min(context.getInputData().length, itemIndex + AHEAD);
	for (let index = itemIndex + 1; index < until; index += 1) {
		if ((index - itemIndex) % AT_A_TIME === 0) {
			await setImmediate();
			if (signal?.aborted) throw cancelled();
		}
		const read = () =>
			readValues({ ...call, itemIndex: index }, { endpoint, data, method: 'POST' });
		yield { itemIndex: index, match: await comingMatch(call, place, match, read) };
	}
}

/**
 * What a record that comes later looks for, by the fields that the present one is looked for by: `unknown` where that
 * takes a request, nothing where its values cannot be used, which it tells in its own turn.
 */
export async function comingMatch(
	call: OperationCall,
	place: Place,
	{ names = [] }: Match,
	read: () => ComingRecord,
): Promise<ComingMatch['match']> {
	try {
		const { values: all, options } = read();
		const values = Object.fromEntries(names.map((name) => [name, all[name]]));
		const { endpoint, division } = place;
		if (!areCodesKnown(call, division, { endpoint, values })) return 'unknown';
		const codes = await codesFor(call, place, Object.entries(values));
		const resolved = await withReferencesResolved(call, endpoint, division, values, codes);
		return matchOfNames(place, names, resolved, options);
	} catch {
		return undefined;
	}
}
