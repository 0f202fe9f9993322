import type { INodeProperties } from 'n8n-workflow';
import { optionsCollection } from '../../../shared/node/optionsField';
import { divisionField, readDivision } from '../common/divisionField';
import { documentWork } from '../lines/documentWork';
import { requireLines, withLines, withLinesResolved } from '../lines/documentLines';
import { hasLines } from '../lines/documentTarget';
import { linesFields } from '../lines/linesFields';
import type { Operation, OperationCall } from '../operation';
import { knowCodesOfRun } from './codesOfRun';
import { comingMatches } from './comingMatches';
import { ifExistsField, matchFields, readMatch, type IfExists } from './matchFields';
import { knowMatches } from './knownMatches';
import { writeWanted, type WantedRecord } from './newRecord';
import { outputFields } from './outputFields';
import { readValues } from './readValues';
import { withReferencesResolved } from './references';
import { requireMethod, type RecordTarget } from './target';
import { changesAsTool, changesField } from '../../../shared/node/toolChanges';
import { valueFields, valueOptions } from './valueFields';
import { codesFor } from './wordLists';
import { inSentence } from './words';
import { returnRecordOption } from './writeRecord';

/** Makes a new record. */
export function createRecord(target: RecordTarget, canUpdate = true): Operation {
	const what = inSentence(target.name);
	return {
		name: 'Create',
		value: 'create',
		action: `Create ${what}`,
		description: `Create a new ${what}`,
		fields: createFields(target, {
			behind: [ifExistsField(target.data, canUpdate), ...matchFields(target.data, false)],
		}),
		refusedAsTool: changesAsTool,
		...documentWork(target),
		async execute(call) {
			return [await writeWanted(call, await readWanted(call, target))];
		},
	};
}

/**
 * The fields of an operation that may make a record.
 * @param match what it is known again by: before the values where the operation is about that, else behind them
 */
export function createFields(
	target: RecordTarget,
	match: { before?: readonly INodeProperties[]; behind?: readonly INodeProperties[] },
): INodeProperties[] {
	return [
		...target.fields,
		divisionField,
		...(match.before ?? []),
		...valueFields(target.data, 'POST'),
		...(hasLines(target) ? linesFields : []),
		...(match.behind ?? []),
		...outputFields,
		changesField,
		optionsCollection([returnRecordOption, ...valueOptions]),
	];
}

/**
 * The record that the item wants made: its values with references and codes resolved, and by what it is known again.
 * @param ifExists what is done where it is there; read from the item if missing
 */
export async function readWanted(
	call: OperationCall,
	target: RecordTarget,
	ifExists?: IfExists,
): Promise<WantedRecord> {
	const { context, itemIndex } = call;
	const { data } = target;
	const endpoint = target.endpointOf(call);
	requireMethod(endpoint, 'POST');
	const given = readValues(call, { endpoint, data, method: 'POST' });
	const rule = ifExists ?? (context.getNodeParameter('ifExists', itemIndex, 'create') as IfExists);
	const division = await readDivision(call);
	const place = { endpoint, data, division };
	const stated = withLines(call, given.values, data);
	// What is there already keeps its lines, so that an upsert may come without.
	if (ifExists === undefined) requireLines(data, stated);
	await knowCodesOfRun(call, place, stated, 'POST');
	const codes = await codesFor(call, place, Object.entries(stated));
	const header = await withReferencesResolved(call, endpoint, division, stated, codes);
	const values = await withLinesResolved(call, endpoint, division, header);
	const { options } = given;
	const match = rule === 'create' ? undefined : readMatch(call, place, values, options);
	if (match !== undefined) {
		await knowMatches(call, place, match, comingMatches(call, place, match), options);
	}
	return { place, values, options, ifExists: rule, match };
}
