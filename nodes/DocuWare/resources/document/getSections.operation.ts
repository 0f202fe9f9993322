import { entityRows, simplifyField } from '../../../shared/node/simplify';
import { sessionFields } from '../common/sessionFields';
import type { DocuWareOperation } from '../operation';
import { readSections } from './documentSections';
import { documentTargetFields, readDocumentTarget } from './documentTarget';
import { sectionRow } from './sectionOutput';

/** `GET Sections?DocId=` (docs/facts/docuware.md 7.1). */
export const getSections: DocuWareOperation = {
	name: 'Get Sections',
	value: 'getSections',
	action: 'Get sections of document',
	description: 'Get the files of which a document is made, one item for each',
	fields: [...sessionFields, ...documentTargetFields, simplifyField],
	async execute(call) {
		const target = await readDocumentTarget(call);
		const sections = await readSections(call, target);
		return entityRows(call, sections, (section) => sectionRow(target, section));
	},
};
