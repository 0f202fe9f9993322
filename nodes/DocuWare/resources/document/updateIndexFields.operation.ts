import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { OutputRow } from '../../../shared/node/operation';
import { isOn, optionsCollection, readOptions } from '../../../shared/node/optionsField';
import { changesAsTool, changesField } from '../../../shared/node/toolChanges';
import { documentPath } from '../../api/cabinetFacts';
import { sendForResource } from '../../api/files/sendForResource';
import { addressBelow } from '../../api/relations';
import { readFields } from '../../fields/readFields';
import type { SentField } from '../../fields/writeFields';
import { fileCabinetField, readFileCabinetId } from '../common/cabinetField';
import { documentIdField, readDocumentId } from '../common/documentIdField';
import {
	documentOutputFields,
	documentRow,
	isUsers,
	readDocumentOutput,
} from '../common/documentOutput';
import {
	INDEX_FIELD_ROWS,
	indexFieldInputs,
	indexFieldOptions,
	readIndexFields,
} from '../common/indexFieldInputs';
import { sessionFields } from '../common/sessionFields';
import type { DocuWareOperation, OperationCall } from '../operation';
import { belowDocument, type DocumentTarget } from './documentTarget';
import { readChanged } from './readChanged';

/** `ForceUpdate` (docs/facts/docuware.md 7.3); what it overrides no source says. */
export const forceUpdateOption: INodeProperties = {
	displayName: 'Force Update',
	name: 'forceUpdate',
	type: 'boolean',
	default: false,
	description:
		'Whether to ask DocuWare to write in spite of what would else stop it; what that is its documentation leaves open',
};

const returnDocumentOption: INodeProperties = {
	displayName: 'Return Document',
	name: 'returnDocument',
	type: 'boolean',
	default: false,
	description:
		'Whether to read the document again, in the form that Output says. Without it the changed index fields come out.',
};

/**
 * `PUT …/Documents/{id}/Fields` (docs/facts/docuware.md 7.3): changes the index fields that are given, and never
 * another one.
 */
export const updateIndexFields: DocuWareOperation = {
	name: 'Update Index Fields',
	value: 'updateIndexFields',
	action: 'Update index fields of document',
	description: 'Change index fields of one document; those that are not given stay as they are',
	fields: [
		...sessionFields,
		fileCabinetField('cabinets'),
		documentIdField,
		...indexFieldInputs,
		...documentOutputFields,
		changesField,
		optionsCollection([...indexFieldOptions, forceUpdateOption, returnDocumentOption]),
	],
	refusedAsTool: changesAsTool,
	dealsWithGapsIn: [INDEX_FIELD_ROWS],
	async execute(call) {
		const documentId = readDocumentId(call);
		const { forceUpdate, returnDocument } = readOptions(call);
		const cabinetId = await readFileCabinetId(call, 'cabinets');
		const output = await readDocumentOutput(call, cabinetId);
		const { names } = await call.facts.cabinet(cabinetId);
		const sent = readIndexFields(call, { names, isNew: false });
		const path = documentPath(cabinetId, documentId);
		const target = { documentId, fileCabinetId: cabinetId };
		const about = { documentId, fileCabinetId: cabinetId, updated: sent.length > 0 };
		const changed =
			sent.length === 0 ? {} : await sendFields(call, target, sent, isOn(forceUpdate));
		if (returnDocument !== true) return [{ json: { ...about, ...changed, ...about } }];
		const { client, signal } = call;
		const document =
			sent.length === 0 ? await client.read({ path, signal }) : await readChanged(call, path);
		return [withAbout(documentRow(output, document), about)];
	},
};

/** Sends the fields and gives those that were sent as the service has them now. */
export async function sendFields(
	call: OperationCall,
	target: DocumentTarget,
	sent: readonly SentField[],
	force: boolean,
): Promise<IDataObject> {
	const { client, signal } = call;
	const usual = `${documentPath(target.fileCabinetId, target.documentId)}/Fields`;
	const hasTable = sent.some(({ ItemElementName }) => ItemElementName === 'Table');
	const answer = await sendForResource(client, {
		method: 'PUT',
		path: await addressBelow(call, belowDocument(target, 'fields', usual)),
		headers: { 'Content-Type': hasTable ? WITH_TABLES : 'application/json' },
		body: JSON.stringify({ Field: sent, ...(force && { ForceUpdate: true }) }),
		signal,
	});
	const names = new Set(sent.map(({ FieldName }) => FieldName));
	const isSent = (name: unknown) => names.has(String(name));
	return readFields(
		answer.Field,
		(field) => isUsers(field) && isSent(field.FieldName),
	) as IDataObject;
}

const WITH_TABLES = 'application/vnd.docuware.platform.documentfieldsinfo+json';

function withAbout({ json }: OutputRow, about: IDataObject): OutputRow {
	return { json: { ...json, updated: about.updated } };
}
