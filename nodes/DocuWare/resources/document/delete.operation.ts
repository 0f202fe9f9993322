import type { INodeProperties } from 'n8n-workflow';
import { isConnectorError, passOn } from '../../../shared/errors';
import { optionsCollection, readOptions } from '../../../shared/node/optionsField';
import { changesAsTool, changesField } from '../../../shared/node/toolChanges';
import { documentPath } from '../../api/cabinetFacts';
import { readFileCabinetId } from '../common/cabinetField';
import { readDocumentId } from '../common/documentIdField';
import { sessionFields } from '../common/sessionFields';
import type { DocuWareOperation } from '../operation';
import { documentTargetFields } from './documentTarget';

const ifNoneOption: INodeProperties = {
	displayName: 'If None Is Found',
	name: 'ifNone',
	type: 'options',
	options: [
		{ name: 'Error', value: 'error' },
		{ name: 'Go On', value: 'goOn', description: 'The output says that nothing was deleted' },
	],
	default: 'error',
	description: 'What happens where there is no such document',
};

/** `DELETE FileCabinets/{id}/Documents/{documentId}` (docs/facts/docuware.md 7.3). */
export const deleteDocument: DocuWareOperation = {
	name: 'Delete',
	value: 'delete',
	action: 'Delete document',
	description:
		'Delete a document; where DocuWare keeps a trash bin, Trash Bin: Restore brings it back',
	fields: [
		changesField,
		...sessionFields,
		...documentTargetFields,
		optionsCollection([ifNoneOption]),
	],
	refusedAsTool: changesAsTool,
	async execute(call) {
		const { client, signal } = call;
		const documentId = readDocumentId(call);
		const fileCabinetId = await readFileCabinetId(call, 'both');
		const path = documentPath(fileCabinetId, documentId);
		const deleted = await client.send({ method: 'DELETE', path, signal }).then(
			() => true,
			async (error: unknown) => {
				const isNone = isConnectorError(error) && error.code === 'DOCUWARE_NOT_FOUND';
				if (!isNone || readOptions(call).ifNone !== 'goOn') passOn(error);
				// A file cabinet that is not there is no reason to go on.
				await call.facts.cabinet(fileCabinetId);
				return false;
			},
		);
		return [{ json: { deleted, documentId, fileCabinetId } }];
	},
};
