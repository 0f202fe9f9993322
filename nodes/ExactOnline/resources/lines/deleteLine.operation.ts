import { divisionField } from '../common/divisionField';
import type { Operation } from '../operation';
import { recordKeys } from '../records/outputFields';
import { requireMethod } from '../records/target';
import { changesAsTool, changesField } from '../../../shared/node/toolChanges';
import { inSentence } from '../records/words';
import type { DocumentTarget } from './documentTarget';
import { lineField, readLineKey, readLinePlace } from './lineParts';

/** Removes one line of a document for good. */
export function deleteLine(target: DocumentTarget): Operation {
	const what = inSentence(target.name);
	return {
		name: 'Delete Line',
		value: 'deleteLine',
		action: `Delete line of ${what}`,
		description: `Delete one line of a ${what} for good`,
		fields: [divisionField, lineField, changesField],
		refusedAsTool: changesAsTool,
		async execute(call) {
			const { endpoint, division } = await readLinePlace(call, target);
			requireMethod(endpoint, 'DELETE');
			const { predicate, key } = readLineKey(call, endpoint);
			const { client, signal } = call;
			const path = endpoint.path + predicate;
			await client.request({ method: 'DELETE', path, division, signal });
			return [{ json: { ...recordKeys(endpoint, key), deleted: true } }];
		},
	};
}
