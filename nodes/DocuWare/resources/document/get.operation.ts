import type { INodeProperties } from 'n8n-workflow';
import { isConnectorError, passOn } from '../../../shared/errors';
import { optionsCollection, readOptions } from '../../../shared/node/optionsField';
import { documentPath } from '../../api/cabinetFacts';
import { fileCabinetField, readFileCabinetId } from '../common/cabinetField';
import { documentIdField, readDocumentId } from '../common/documentIdField';
import { documentOutputFields, documentRow, readDocumentOutput } from '../common/documentOutput';
import { sessionFields } from '../common/sessionFields';
import type { DocuWareOperation } from '../operation';

const ifNoneOption: INodeProperties = {
	displayName: 'If None Is Found',
	name: 'ifNone',
	type: 'options',
	options: [
		{ name: 'Empty Result', value: 'empty' },
		{ name: 'Error', value: 'error' },
	],
	default: 'error',
	description: 'What happens where there is no such document',
};

/** `GET FileCabinets/{id}/Documents/{documentId}` (docs/facts/docuware.md 7.1). */
export const getDocument: DocuWareOperation = {
	name: 'Get',
	value: 'get',
	action: 'Get document',
	description: 'Get one document with its index fields',
	fields: [
		...sessionFields,
		fileCabinetField('both'),
		documentIdField,
		...documentOutputFields,
		optionsCollection([ifNoneOption]),
	],
	async execute(call) {
		const { client, signal } = call;
		const documentId = readDocumentId(call);
		const { ifNone } = readOptions(call);
		const cabinetId = await readFileCabinetId(call, 'both');
		const output = await readDocumentOutput(call, cabinetId);
		const path = documentPath(cabinetId, documentId);
		try {
			return [documentRow(output, await client.read({ path, signal }))];
		} catch (error) {
			const isNone = isConnectorError(error) && error.code === 'DOCUWARE_NOT_FOUND';
			if (!isNone || ifNone !== 'empty') passOn(error);
			// A file cabinet that is not there is no reason to go on.
			await call.facts.cabinet(cabinetId);
			return [];
		}
	},
};
