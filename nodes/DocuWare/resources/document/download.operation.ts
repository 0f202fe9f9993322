import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { ConnectorError } from '../../../shared/errors';
import type { OutputRow } from '../../../shared/node/operation';
import { optionsCollection, readOptions } from '../../../shared/node/optionsField';
import { runsAsTool } from '../../../shared/node/toolRun';
import { askBelow } from '../../api/relations';
import { sessionFields } from '../common/sessionFields';
import type { DocuWareOperation, OperationCall } from '../operation';
import { belowSection, readSections, resolveSectionId, sectionPath } from './documentSections';
import {
	belowDocument,
	documentPath,
	documentTargetFields,
	readDocumentTarget,
	type DocumentTarget,
} from './documentTarget';
import { cutForTool, readTexts } from './documentText';
import { fetchFile, type FetchedFile, type FileRequest } from './downloadFile';
import { fileNameOption, outputFileField, sectionField } from './fileFields';

type DownloadFormat = 'original' | 'pdf' | 'annotatedPdf' | 'zip' | 'section';

const formatField: INodeProperties = {
	displayName: 'Format',
	name: 'downloadFormat',
	type: 'options',
	options: [
		{
			name: 'One Section',
			value: 'section',
			description: 'One of the files of the document, as it was stored',
		},
		{
			name: 'Original',
			value: 'original',
			description: 'As it was stored; several files come as a ZIP archive',
		},
		{ name: 'PDF', value: 'pdf', description: 'Without annotations' },
		{
			name: 'PDF with Annotations',
			value: 'annotatedPdf',
			description: 'With stamps and annotations, as they are seen in DocuWare',
		},
		{ name: 'ZIP Archive', value: 'zip' },
	],
	default: 'original',
};

/** The query of `FileDownload` for a format (docs/facts/docuware.md 7.1). */
const QUERIES: Readonly<
	Record<Exclude<DownloadFormat, 'section'>, Array<readonly [string, string]>>
> = {
	original: [
		['TargetFileType', 'Auto'],
		['KeepAnnotations', 'false'],
	],
	pdf: [
		['TargetFileType', 'PDF'],
		['KeepAnnotations', 'false'],
	],
	annotatedPdf: [
		['TargetFileType', 'PDF'],
		['KeepAnnotations', 'true'],
	],
	zip: [
		['TargetFileType', 'Zip'],
		['KeepAnnotations', 'false'],
	],
};

/** `GET Documents/{id}/FileDownload`, or `GET Sections/{id}/Data` (docs/facts/docuware.md 7.1). */
export const downloadDocument: DocuWareOperation = {
	name: 'Download',
	value: 'download',
	action: 'Download document',
	description: 'Get the file of a document. As a tool: its name, size and text.',
	fields: [
		...sessionFields,
		...documentTargetFields,
		formatField,
		{ ...sectionField, displayOptions: { show: { downloadFormat: ['section'] } } },
		{ ...outputFileField, displayOptions: { show: { '@tool': [false] } } },
		optionsCollection([fileNameOption]),
	],
	async execute(call) {
		const { context, itemIndex } = call;
		const target = await readDocumentTarget(call);
		const format = context.getNodeParameter(
			'downloadFormat',
			itemIndex,
			'original',
		) as DownloadFormat;
		if (runsAsTool(context)) return [await describedForTool(call, target, format)];
		const file =
			format === 'section' ? await oneSection(call, target) : await whole(call, target, format);
		return [{ json: { ...target, ...file.json }, binary: file.binary }];
	},
};

async function whole(
	call: OperationCall,
	target: DocumentTarget,
	format: Exclude<DownloadFormat, 'section'>,
): Promise<FetchedFile> {
	const names = { ...namesGiven(call), usualName: `document-${target.documentId}` };
	const usual = `${documentPath(target)}/FileDownload`;
	const { client, signal } = call;
	const owner = async () => await client.read({ path: documentPath(target), signal });
	const ofOriginal = format === 'original' ? { owner } : {};
	const below = belowDocument(target, 'fileDownload', usual, QUERIES[format]);
	const file = await askBelow(
		call,
		below,
		async (path) => await fetchFile(call, { ...names, path, ...ofOriginal }),
	);
	return file ?? noFile(target);
}

async function oneSection(call: OperationCall, target: DocumentTarget): Promise<FetchedFile> {
	const sectionId = await chosenSection(call, target);
	const names = { ...namesGiven(call), usualName: `section-${sectionId}` };
	const path = sectionPath(target, sectionId);
	const usual = `${path}/Data`;
	const { client, signal } = call;
	const owner = async () => await client.read({ path, signal });
	const file = await askBelow(
		call,
		belowSection(target, sectionId, 'content', usual),
		async (at) => await fetchFile(call, { ...names, path: at, owner }),
	);
	return file ?? noFile(target);
}

async function chosenSection(call: OperationCall, target: DocumentTarget): Promise<string> {
	const given = String(call.context.getNodeParameter('sectionId', call.itemIndex, ''));
	return await resolveSectionId(call, target, given);
}

function namesGiven(call: OperationCall): Pick<FileRequest, 'outputField' | 'fileName'> {
	const { context, itemIndex } = call;
	const chosen = String(readOptions(call).fileName ?? '').trim();
	return {
		outputField: String(context.getNodeParameter('outputField', itemIndex, 'data')),
		fileName: chosen === '' ? undefined : chosen,
	};
}

function noFile({ documentId }: DocumentTarget): never {
	throw new ConnectorError(
		'DOCUWARE_NOT_FOUND',
		`The document ${documentId} has no file to download.`,
		{ repair: 'A data record has index fields alone; look with Get Sections.' },
	);
}

/** A model gets no bytes: names and sizes of the files, and their text; of one file where one section is asked for. */
async function describedForTool(
	call: OperationCall,
	target: DocumentTarget,
	format: DownloadFormat,
): Promise<OutputRow> {
	const sectionId = format === 'section' ? await chosenSection(call, target) : undefined;
	const all = await readSections(call, target);
	const sections = sectionId === undefined ? all : all.filter(({ Id }) => String(Id) === sectionId);
	const texts = await readTexts(call, target, sectionId);
	const whole = texts.flatMap(({ pages }) => pages).join('\n\n');
	// Here no page can be asked for, and a section only where the node says so.
	const { text, isCut } = cutForTool(whole, MOST_TEXT, '');
	const files = sections
		.slice(0, MOST_FILES)
		.map(({ Id, OriginalFileName, ContentType, FileSize }): IDataObject => ({
			sectionId: String(Id),
			fileName: (OriginalFileName ?? null) as string | null,
			mediaType: (ContentType ?? null) as string | null,
			fileSize: (FileSize ?? null) as number | null,
		}));
	const sectionCount = all.length;
	return { json: { ...target, sectionCount, files, text, ...(isCut && { isCut }) } };
}

/** What a model gets is 10,000 bytes at most. */
const MOST_TEXT = 7_000;

const MOST_FILES = 15;
