import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { jsonRows } from '../../../shared/node/operation';
import { runsAsTool } from '../../../shared/node/toolRun';
import { sessionFields } from '../common/sessionFields';
import type { DocuWareOperation, OperationCall } from '../operation';
import { readSections, resolveSectionId } from './documentSections';
import { documentTargetFields, readDocumentTarget, type DocumentTarget } from './documentTarget';
import { cutForTool, readTexts, readTextshot, type SectionText } from './documentText';
import { sectionField } from './fileFields';

type TextOutput = 'document' | 'section' | 'page' | 'raw';

const outputField: INodeProperties = {
	displayName: 'Output',
	name: 'textOutput',
	type: 'options',
	options: [
		{ name: 'One Item per Document', value: 'document' },
		{ name: 'One Item per Page', value: 'page' },
		{ name: 'One Item per Section', value: 'section' },
		{
			name: 'Raw',
			value: 'raw',
			description: 'Each section as DocuWare has read it, with the place of every word',
		},
	],
	default: 'document',
	description: 'What becomes an item of its own',
};

/** `GET Sections/{id}/Textshot` of each section (docs/facts/docuware.md 7.1, 7.5). */
export const getDocumentText: DocuWareOperation = {
	name: 'Get Text',
	value: 'getText',
	action: 'Get text of document',
	description: 'Get the text that DocuWare has read in a document, tables included',
	fields: [
		...sessionFields,
		...documentTargetFields,
		{
			...sectionField,
			description:
				'ID of the only section to read, or its place in the document: 1 for the first. Empty for all of them.',
		},
		outputField,
	],
	async execute(call) {
		const { context, itemIndex } = call;
		const target = await readDocumentTarget(call);
		const given = String(context.getNodeParameter('sectionId', itemIndex, '')).trim();
		const sectionId = given === '' ? undefined : await resolveSectionId(call, target, given);
		const output = context.getNodeParameter('textOutput', itemIndex, 'document') as TextOutput;
		const isTool = runsAsTool(context);
		// The place of every word is nothing for a model.
		if (output === 'raw' && !isTool) return jsonRows(await rawRows(call, target, sectionId));
		const texts = await readTexts(call, target, sectionId);
		const rows = rowsOf(target, texts, output === 'raw' ? 'document' : output);
		return jsonRows(isTool ? cutRows(rows) : rows);
	},
};

async function rawRows(
	call: OperationCall,
	target: DocumentTarget,
	sectionId: string | undefined,
): Promise<IDataObject[]> {
	const ids =
		sectionId === undefined
			? (await readSections(call, target)).map(({ Id }) => String(Id))
			: [sectionId];
	const rows: IDataObject[] = [];
	for (const id of ids) {
		const textshot = await readTextshot(call, target, id);
		rows.push({ ...target, sectionId: id, textshot: textshot as IDataObject });
	}
	return rows;
}

function rowsOf(
	target: DocumentTarget,
	texts: readonly SectionText[],
	output: Exclude<TextOutput, 'raw'>,
): IDataObject[] {
	if (output === 'document') return [documentRow(target, texts)];
	const rows = texts.flatMap(({ sectionId, fileName, pages }): IDataObject[] => {
		const section = { ...target, sectionId, fileName };
		return output === 'section'
			? [{ ...section, pageCount: pages.length, text: joined(pages) }]
			: pages.map((text, index) => ({ ...section, page: index + 1, text }));
	});
	return rows;
}

/** The text of a document, and where in it each section stands. */
function documentRow(target: DocumentTarget, texts: readonly SectionText[]): IDataObject {
	return {
		...target,
		text: joined(texts.flatMap(({ pages }) => pages)),
		sections: texts.map(({ sectionId, fileName, pages }) => ({
			sectionId,
			fileName,
			pageCount: pages.length,
		})),
	};
}

function joined(pages: readonly string[]): string {
	return pages.join('\n\n');
}

/** Together they are no longer than one answer to a model may be. */
function cutRows(all: readonly IDataObject[]): IDataObject[] {
	const rows = all.slice(0, MOST_ROWS);
	const share = Math.floor(MOST_TEXT / Math.max(rows.length, 1));
	const cut = rows.map((row) => {
		const { text, isCut } = cutForTool(String(row.text), share);
		const sections = Array.isArray(row.sections) ? row.sections.slice(0, MOST_ROWS) : undefined;
		return { ...row, ...(sections && { sections }), ...(isCut && { text, isCut }) };
	});
	const leftOut = all.length - rows.length;
	return leftOut > 0 ? [...cut, { itemsLeftOut: leftOut }] : cut;
}

/** Beside the texts stand names and numbers. */
const MOST_TEXT = 6_000;

const MOST_ROWS = 20;
