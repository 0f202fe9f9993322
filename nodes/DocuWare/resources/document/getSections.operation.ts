import { jsonRows } from '../../../shared/node/operation';
import { entityRows, simplifyField } from '../../../shared/node/simplify';
import { runsAsTool } from '../../../shared/node/toolRun';
import type { PlatformResource } from '../../api/platformClient';
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
		const simple = (section: PlatformResource) => sectionRow(target, section);
		if (!runsAsTool(call.context)) return entityRows(call, sections, simple);
		const rows = sections.slice(0, MOST_FOR_TOOL).map(simple);
		const leftOut = sections.length - rows.length;
		return jsonRows(leftOut > 0 ? [...rows, { ...target, sectionsLeftOut: leftOut }] : rows);
	},
};

/** A model reads few rows, and each costs it tokens. */
const MOST_FOR_TOOL = 20;
