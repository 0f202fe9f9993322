import { changesAsTool, changesField } from '../../../shared/node/toolChanges';
import { sessionFields } from '../common/sessionFields';
import type { DocuWareOperation } from '../operation';
import { resolveSectionId, sectionPath } from './documentSections';
import { documentTargetFields, readDocumentTarget } from './documentTarget';
import { sectionField } from './fileFields';

/** `DELETE Sections/{id}` (docs/facts/docuware.md 7.3). */
export const deleteSection: DocuWareOperation = {
	name: 'Delete Section',
	value: 'deleteSection',
	action: 'Delete section of document',
	description: 'Delete one of the files of a document; DocuWare keeps no copy of it',
	fields: [...sessionFields, ...documentTargetFields, sectionField, changesField],
	refusedAsTool: changesAsTool,
	async execute(call) {
		const { context, itemIndex, client, signal } = call;
		const target = await readDocumentTarget(call);
		const given = String(context.getNodeParameter('sectionId', itemIndex, ''));
		const sectionId = await resolveSectionId(call, target, given);
		await client.send({ method: 'DELETE', path: sectionPath(target, sectionId), signal });
		return [{ json: { deleted: true, sectionId, ...target } }];
	},
};
