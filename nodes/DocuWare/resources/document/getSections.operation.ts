import { jsonRows } from '../../../shared/node/operation';
import { entityOutputFields, outputRows } from '../../../shared/node/entityOutput';
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
	fields: [...sessionFields, ...documentTargetFields, ...entityOutputFields],
	async execute(call) {
		const target = await readDocumentTarget(call);
		const sections = await readSections(call, target);
		const simple = (section: PlatformResource) => sectionRow(target, section);
		const shown = sections.slice(0, runsAsTool(call.context) ? MOST_FOR_TOOL : undefined);
		const rows = outputRows(call, shown, { simplify: simple });
		const sectionsLeftOut = sections.length - shown.length;
		if (sectionsLeftOut === 0) return rows;
		return [...rows, ...jsonRows([{ ...target, sectionsLeftOut }])];
	},
};

/** A model reads few rows, and each costs it tokens. */
const MOST_FOR_TOOL = 20;
