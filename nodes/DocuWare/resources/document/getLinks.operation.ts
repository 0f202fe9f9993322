import type { INodeProperties } from 'n8n-workflow';
import { isRecord } from '../../../shared/http';
import { readLimit, takeRows, toolListFields } from '../../../shared/node/listFields';
import type { OutputRow } from '../../../shared/node/operation';
import { invalidParameter } from '../../api/clientErrors';
import type { PlatformResource } from '../../api/platformClient';
import { linksOf } from '../../platform/platformAnswers';
import { linkAddress } from '../../platform/serverAddress';
import { documentOutputFields, documentRow, readDocumentOutput } from '../common/documentOutput';
import { sessionFields } from '../common/sessionFields';
import type { DocuWareOperation, OperationCall } from '../operation';
import { documentTargetFields } from './documentTarget';
import { linkOf, placeOf, readDocument } from './locatedDocument';

const returnField: INodeProperties = {
	displayName: 'Return',
	name: 'returnLinks',
	type: 'options',
	options: [
		{
			name: 'Linked Documents',
			value: 'documents',
			description: 'The documents that links lead to',
		},
		{ name: 'Links', value: 'links', description: 'Which links the document has, and where to' },
	],
	default: 'links',
};

const nameField: INodeProperties = {
	displayName: 'Link Name or ID',
	name: 'linkName',
	type: 'string',
	default: '',
	placeholder: 'e.g. Order of the invoice',
	description: 'Only the documents of one link; all links if empty',
	displayOptions: { show: { [returnField.name]: ['documents'] } },
};

const documentsOnly = { [returnField.name]: ['documents'] };
const outputFields = documentOutputFields.map((field): INodeProperties => ({
	...field,
	displayOptions: { show: { ...field.displayOptions?.show, ...documentsOnly } },
}));

/** `…/DocumentLinks` and the documents behind them (docs/facts/docuware.md 7.3, 7.4). */
export const getDocumentLinks: DocuWareOperation = {
	name: 'Get Links',
	value: 'getLinks',
	action: 'Get links of document',
	description: 'Get the links of a document to others, or the documents that they lead to',
	fields: [
		...sessionFields,
		...documentTargetFields,
		returnField,
		nameField,
		...toolListFields,
		...outputFields,
	],
	async execute(call) {
		const { context, itemIndex, client, signal } = call;
		const document = await readDocument(call);
		const path = linkOf(call, document, 'documentLinks');
		const { Items: items } = await client.read({ path, signal });
		const links = Array.isArray(items) ? items.filter(isRecord) : [];
		const limit = readLimit(context, itemIndex);
		if (context.getNodeParameter(returnField.name, itemIndex, 'links') !== 'documents') {
			const place = placeOf(document);
			return links.slice(0, limit).map((link) => ({ json: { ...place, ...linkJson(link) } }));
		}
		return await linkedDocuments(call, links, limit);
	},
};

function linkJson(link: PlatformResource) {
	return {
		linkId: text(link.Id),
		linkName: text(link.Name),
		isInvalid: link.IsInvalid === true,
		targetFileCabinetId: text(link.TargetFileCabinet),
		targetResultListId: text(link.TargetResultList),
	};
}

async function linkedDocuments(
	call: OperationCall,
	links: readonly PlatformResource[],
	limit: number,
): Promise<OutputRow[]> {
	const { context, itemIndex, client, signal } = call;
	const wanted = String(context.getNodeParameter(nameField.name, itemIndex, '')).trim();
	const output = await readDocumentOutput(call, undefined);
	const chosen = wanted === '' ? links : linksCalled(wanted, links);
	const rows: PlatformResource[] = [];
	for (const link of chosen) {
		const href = linksOf(link).get('result');
		if (link.IsInvalid === true || href === undefined) continue;
		if (rows.length >= limit) break;
		const path = linkAddress(client.session, href);
		await takeRows(client.pages({ path, signal }, 'Items'), limit, rows);
	}
	return rows.map((row) => documentRow(output, row));
}

/** Of a document without links none can be told from a mistyped one. */
function linksCalled(wanted: string, links: readonly PlatformResource[]): PlatformResource[] {
	const chosen = links.filter(({ Id, Name }) => Id === wanted || Name === wanted);
	if (chosen.length > 0 || links.length === 0) return chosen;
	const names = links.map(({ Id, Name }) => `"${text(Name) ?? text(Id) ?? ''}"`).join(', ');
	throw invalidParameter(
		`The document has no link "${wanted.slice(0, 60)}". Its links are ${names}.`,
		'Give the name of one of them, or nothing for all.',
	);
}

function text(value: unknown): string | null {
	return typeof value === 'string' ? value : null;
}
