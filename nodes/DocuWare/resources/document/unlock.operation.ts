import { optionsCollection } from '../../../shared/node/optionsField';
import { changesAsTool, changesField } from '../../../shared/node/toolChanges';
import { sessionFields } from '../common/sessionFields';
import type { DocuWareOperation } from '../operation';
import { documentTargetFields } from './documentTarget';
import { purposeOption, readPurpose } from './lock.operation';
import { linkOf, placeOf, readDocument } from './locatedDocument';

/** `DELETE …/Lock` (docs/facts/docuware.md 7.3). */
export const unlockDocument: DocuWareOperation = {
	name: 'Unlock',
	value: 'unlock',
	action: 'Unlock document',
	description: 'Take a lock of this user away from a document before its time',
	fields: [
		changesField,
		...sessionFields,
		...documentTargetFields,
		optionsCollection([purposeOption]),
	],
	refusedAsTool: changesAsTool,
	async execute(call) {
		const { client, signal } = call;
		const purpose = readPurpose(call);
		const document = await readDocument(call);
		await client.send({
			method: 'DELETE',
			path: linkOf(call, document, 'lock'),
			...(purpose === ''
				? {}
				: {
						headers: { 'Content-Type': 'application/json' },
						body: JSON.stringify({ Operation: purpose }),
					}),
			signal,
		});
		return [{ json: { unlocked: true, ...placeOf(document) } }];
	},
};
