import { optionsCollection } from '../../../shared/node/optionsField';
import { requestBody } from '../../catalogue/requestBody';
import { divisionField, readDivision } from '../common/divisionField';
import type { Operation } from '../operation';
import { chosenKey } from './chosenRecord';
import { knowCodesOfRun } from './codesOfRun';
import { outputFields } from './outputFields';
import { readValues } from './readValues';
import { recordField } from './recordField';
import { withReferencesResolved } from './references';
import { requireMethod, type RecordTarget } from './target';
import { changesAsTool, changesField } from '../../../shared/node/toolChanges';
import { valueFields, valueOptions } from './valueFields';
import { codesFor } from './wordLists';
import { inSentence } from './words';
import { sendChange, returnRecordOption } from './writeRecord';

/** Changes fields of one record; those that are not given stay as they are. */
export function updateRecord(target: RecordTarget): Operation {
	const what = inSentence(target.name);
	return {
		name: 'Update',
		value: 'update',
		action: `Update ${what}`,
		description: `Change fields of one ${what}`,
		fields: [
			...target.fields,
			divisionField,
			recordField(target),
			...valueFields(target.data, 'PUT'),
			...outputFields,
			changesField,
			optionsCollection([returnRecordOption, ...valueOptions]),
		],
		refusedAsTool: changesAsTool,
		async execute(call) {
			const endpoint = target.endpointOf(call);
			requireMethod(endpoint, 'PUT');
			const { data } = target;
			const { values, options } = readValues(call, { endpoint, data, method: 'PUT' });
			const division = await readDivision(call);
			const place = { endpoint, data, division };
			await knowCodesOfRun(call, place, values, 'PUT');
			const codes = await codesFor(call, place, Object.entries(values));
			const resolved = await withReferencesResolved(call, endpoint, division, values, codes);
			const body = requestBody(endpoint, resolved, 'PUT', options);
			const { predicate, key } = await chosenKey(call, place);
			return [await sendChange(call, place, { predicate, key, body })];
		},
	};
}
