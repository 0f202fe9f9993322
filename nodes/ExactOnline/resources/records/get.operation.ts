import { isConnectorError, passOn } from '../../../shared/errors';
import { optionsCollection, readOptions } from '../../../shared/node/optionsField';
import { divisionField, readDivision } from '../common/divisionField';
import type { Operation } from '../operation';
import { readChosenRecord } from './chosenRecord';
import { expandOption } from './listFields';
import { outputFields, queryOf, readOutput, recordRow } from './outputFields';
import { recordField } from './recordField';
import { requireMethod, type RecordTarget } from './target';
import { withWords } from './wordLists';
import { inSentence } from './words';

/** One record, by its key or by a field that people know it by. */
export function getRecord(target: RecordTarget): Operation {
	const what = inSentence(target.name);
	return {
		name: 'Get',
		value: 'get',
		action: `Get ${what}`,
		description: `Get one ${what}`,
		fields: [
			...target.fields,
			divisionField,
			recordField(target),
			...outputFields,
			optionsCollection([
				expandOption,
				{
					displayName: 'If None Is Found',
					name: 'ifNone',
					type: 'options',
					options: [
						{ name: 'Empty Result', value: 'empty' },
						{ name: 'Error', value: 'error' },
					],
					default: 'error',
					description: 'What happens where no record matches',
				},
				{
					displayName: 'If Several Match',
					name: 'ifSeveral',
					type: 'options',
					options: [
						{ name: 'Error', value: 'error' },
						{ name: 'First', value: 'first' },
					],
					default: 'error',
					description: 'What happens where more than one record matches',
				},
			]),
		],
		async execute(call) {
			const endpoint = target.endpointOf(call);
			requireMethod(endpoint, 'GET');
			const { ifNone, ifSeveral } = readOptions(call);
			const plan = readOutput(call, endpoint, target.data);
			const place = { endpoint, data: target.data, division: await readDivision(call) };
			const several = ifSeveral === 'first' ? 'first' : 'error';
			try {
				const rules = { several, mayBeMissing: ifNone === 'empty' } as const;
				const row = await readChosenRecord(call, place, queryOf(plan), rules);
				return [recordRow(await withWords(call, place.division, plan), row)];
			} catch (error) {
				const isNone = isConnectorError(error) && error.code === 'EXACT_NOT_FOUND';
				// The page of a proxy does not say that there is no such record.
				if (isNone && !error.retryable && ifNone === 'empty') return [];
				passOn(error);
			}
		},
	};
}
