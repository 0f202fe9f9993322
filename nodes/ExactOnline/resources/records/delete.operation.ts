import { divisionField, readDivision } from '../common/divisionField';
import type { Operation } from '../operation';
import { chosenKey } from './chosenRecord';
import { recordKeys } from './outputFields';
import { recordField } from './recordField';
import { requireMethod, type RecordTarget } from './target';
import { changesAsTool, changesField } from '../../../shared/node/toolChanges';
import { inSentence } from './words';

/** Removes a record for good. */
export function deleteRecord(target: RecordTarget): Operation {
	const what = inSentence(target.name);
	return {
		name: 'Delete',
		value: 'delete',
		action: `Delete ${what}`,
		description: `Delete one ${what} for good`,
		fields: [...target.fields, divisionField, recordField(target), changesField],
		refusedAsTool: changesAsTool,
		async execute(call) {
			const endpoint = target.endpointOf(call);
			requireMethod(endpoint, 'DELETE');
			const division = await readDivision(call);
			const place = { endpoint, data: target.data, division };
			const { predicate, key } = await chosenKey(call, place);
			const { client, signal } = call;
			await client.request({
				method: 'DELETE',
				path: endpoint.path + predicate,
				division,
				signal,
			});
			return [{ json: { ...recordKeys(endpoint, key), deleted: true } }];
		},
	};
}
