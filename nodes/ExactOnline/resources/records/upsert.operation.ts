import { documentWork } from '../lines/documentWork';
import type { Operation } from '../operation';
import { createFields, readWanted } from './create.operation';
import { matchFields } from './matchFields';
import { writeWanted } from './newRecord';
import { requireMethod, type RecordTarget } from './target';
import { changesAsTool } from '../../../shared/node/toolChanges';
import { inSentence } from './words';

/** Changes the record that matches, or makes it where there is none. */
export function upsertRecord(target: RecordTarget): Operation {
	const what = inSentence(target.name);
	return {
		name: 'Create or Update',
		value: 'upsert',
		action: `Create or update ${what}`,
		description: 'Create a new record, or update the current one if it already exists (upsert)',
		fields: createFields(target, { before: matchFields(target.data, true) }),
		refusedAsTool: changesAsTool,
		...documentWork(target, 'update'),
		async execute(call) {
			requireMethod(target.endpointOf(call), 'PUT');
			return [await writeWanted(call, await readWanted(call, target, 'update'))];
		},
	};
}
