import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { OutputRow } from '../../../shared/node/operation';
import { isConnectorError, passOn } from '../../../shared/errors';
import { runsAsTool } from '../../../shared/node/toolRun';
import { invalidParameter } from '../../api/clientErrors';
import { addressBelow } from '../../api/relations';
import { sessionFields } from '../common/sessionFields';
import type { DocuWareOperation, OperationCall } from '../operation';
import { belowSection, readSections, resolveSectionId } from './documentSections';
import {
	belowDocument,
	documentPath,
	documentTargetFields,
	readDocumentTarget,
	type DocumentTarget,
} from './documentTarget';
import { fetchFile, type FetchedFile } from './downloadFile';
import { outputFileField, sectionField } from './fileFields';

const pageField: INodeProperties = {
	displayName: 'Page',
	name: 'page',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 1,
	description: 'Which page of the section, counted from 1',
};

/** `GET Documents/{id}/Thumbnail`, or `GET Rendering/{section}/Thumbnail?Page=` (docs/facts/docuware.md 7.1). */
export const getThumbnail: DocuWareOperation = {
	name: 'Get Thumbnail',
	value: 'getThumbnail',
	action: 'Get thumbnail of document',
	description: 'Get a small picture of a page of a document',
	fields: [
		...sessionFields,
		...documentTargetFields,
		{
			...sectionField,
			description:
				'ID of the section, or its place in the document: 1 for the first. Empty for the first page of the document.',
		},
		pageField,
		outputFileField,
	],
	async execute(call) {
		const { context, itemIndex } = call;
		const page = readPage(context.getNodeParameter('page', itemIndex, 1), itemIndex);
		const target = await readDocumentTarget(call);
		const given = String(context.getNodeParameter('sectionId', itemIndex, '')).trim();
		const outputField = String(context.getNodeParameter('outputField', itemIndex, 'data'));
		const named = { outputField, fileName: undefined, usualName: `thumbnail-${target.documentId}` };
		let sectionId: string;
		if (given === '' && page === 1) {
			const usual = `${documentPath(target)}/Thumbnail`;
			const path = await addressBelow(call, belowDocument(target, 'thumbnail', usual));
			const whole = await fetchFile(call, { ...named, path }).catch(
				async (error: unknown) => await firstSection(call, target, error),
			);
			if (typeof whole !== 'string') {
				return [outputRow(call, { ...target, ...whole.json }, whole)];
			}
			sectionId = whole;
		} else {
			sectionId = await resolveSectionId(call, target, given);
		}
		const cabinet = `FileCabinets/${encodeURIComponent(target.fileCabinetId)}`;
		const usual = `${cabinet}/Rendering/${encodeURIComponent(sectionId)}/Thumbnail`;
		const query = [['Page', String(page - 1)]] as const;
		const below = belowSection(target, sectionId, 'thumbnail', usual, query);
		const file = await fetchFile(call, { ...named, path: await addressBelow(call, below) });
		return [outputRow(call, { ...target, sectionId, page, ...file.json }, file)];
	},
};

/** @throws ConnectorError DOCUWARE_INVALID_PARAMETER */
function readPage(given: unknown, itemIndex: number): number {
	const page = given === '' ? NaN : Number(given);
	if (Number.isInteger(page) && page >= 1) return page;
	throw invalidParameter(
		`Page of item ${itemIndex} is "${String(given).slice(0, 40)}", and not a whole number from 1 on. Nothing was sent.`,
		'Correct Page; it is counted from 1.',
	);
}

/**
 * The section whose first page stands for a document, on a server that has no picture of the document itself.
 * @param error of asking for that; thrown again where the document has no sections either
 */
async function firstSection(
	call: OperationCall,
	target: DocumentTarget,
	error: unknown,
): Promise<string> {
	if (!isConnectorError(error) || !NO_PICTURE.has(error.code)) passOn(error);
	const [section] = await readSections(call, target).catch(() => passOn(error));
	return section?.Id === undefined ? passOn(error) : String(section.Id);
}

const NO_PICTURE = new Set(['DOCUWARE_BAD_REQUEST', 'DOCUWARE_GONE', 'DOCUWARE_NOT_FOUND']);

/** A model gets name and size, no bytes. */
function outputRow({ context }: OperationCall, json: IDataObject, file: FetchedFile): OutputRow {
	return runsAsTool(context) ? { json } : { json, binary: file.binary };
}
