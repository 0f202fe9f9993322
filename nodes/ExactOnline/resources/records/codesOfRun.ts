import { setImmediate } from 'node:timers/promises';
import { isConnectorError, passOn } from '../../../shared/errors';
import { isRecord } from '../../../shared/http';
import { hasExpression } from '../../../shared/node/emptyExpressions';
import { cancelled } from '../../api/clientErrors';
import { readEndpoint } from '../../catalogue/catalogue';
import type { Endpoint } from '../../catalogue/types';
import { codeReferences } from '../../lines/lineReferences';
import { withLines } from '../lines/documentLines';
import { resolveCodes, type ScopedValues } from '../lines/resolveCodes';
import type { OperationCall } from '../operation';
import type { Place } from './findRecord';
import { readValues, type ValueScope } from './readValues';
import { referenceKey } from './references';

/** Items whose codes are looked up together: what a run of very many needs is read as it comes to them. */
const AHEAD = 200;

/** Items that are read without a pause, in which n8n does its other work. */
const AT_A_TIME = 20;

/**
 * Looks up the codes that the next items of the run name in their records and lines, some dozens in one request, as soon as a
 * second item names one that is not known yet. The first one costs a request in any case, and may be the only code there is.
 *
 * @param values those of the item
 * @throws ConnectorError EXACT_CANCELLED, and those of a request that got no answer
 */
export async function knowCodesOfRun(
	call: OperationCall,
	place: Place,
	values: Readonly<Record<string, unknown>>,
	method: ValueScope['method'],
): Promise<void> {
	const { memory, context, client, itemIndex } = call;
	const { endpoint, division } = place;
	const items = context.getInputData().length;
	if (items < 2 || hasExpression(context.getNode().parameters.division)) return;
	if (scopesOf(endpoint, values).every((scope) => areCodesKnown(call, division, scope))) return;
	const run = JSON.stringify([client.userKey, division, endpoint.path]);
	const ahead = memory.codesAhead.get(run);
	if (ahead === undefined) {
		memory.codesAhead.set(run, { until: 0, done: Promise.resolve() });
		return;
	}
	if (itemIndex < ahead.until) {
		// Whoever looks them up tells what has failed.
		await ahead.done.catch(() => undefined);
		return;
	}
	const until = Math.min(items, itemIndex + AHEAD);
	const done = lookAhead(call, place, method, until);
	memory.codesAhead.set(run, { until, done });
	await done;
}

/** @param until before this item */
async function lookAhead(
	call: OperationCall,
	{ endpoint, data, division }: Place,
	method: ValueScope['method'],
	until: number,
): Promise<void> {
	const scope = { endpoint, data, method };
	const all: ScopedValues[] = [];
	for (let index = call.itemIndex; index < until; index += 1) {
		if ((index - call.itemIndex) % AT_A_TIME === AT_A_TIME - 1) {
			await setImmediate();
			if (call.signal?.aborted) throw cancelled();
		}
		all.push(...scopesOf(endpoint, valuesOf({ ...call, itemIndex: index }, scope)));
	}
	await resolveCodes(call, division, all).catch((error: unknown) => {
		// What is refused one of the codes may be the reason for: each item looks up its own then, and tells.
		if (!isConnectorError(error) || error.httpStatus === undefined) passOn(error);
	});
}

/** What an item gives; nothing where it cannot be used, which it tells in its own turn. */
function valuesOf(call: OperationCall, scope: ValueScope): Readonly<Record<string, unknown>> {
	try {
		const { values } = readValues(call, scope);
		return scope.method === 'POST' ? withLines(call, values, scope.data) : values;
	} catch {
		return {};
	}
}

/** The values of a record, and those of each of its lines. */
function scopesOf(endpoint: Endpoint, values: Readonly<Record<string, unknown>>): ScopedValues[] {
	const lines = Object.entries(values).flatMap(([name, value]) => {
		const path = endpoint.fields.get(name)?.lines;
		if (path === undefined || !Array.isArray(value)) return [];
		const line = readEndpoint(path);
		return value.filter(isRecord).map((row) => ({ endpoint: line, values: row }));
	});
	return [{ endpoint, values }, ...lines];
}

/** Whether the run knows the records that values name by their codes, or that there are none. */
export function areCodesKnown(
	call: OperationCall,
	division: number,
	{ endpoint, values }: ScopedValues,
): boolean {
	return codeReferences(endpoint, values).every(({ target, code }) =>
		call.memory.references.has(referenceKey(call, division, target, code)),
	);
}
