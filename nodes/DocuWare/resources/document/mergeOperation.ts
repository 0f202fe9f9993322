import type { INodeProperties } from 'n8n-workflow';
import { isOn, optionsCollection, readOptions } from '../../../shared/node/optionsField';
import { changesAsTool, changesField } from '../../../shared/node/toolChanges';
import { isKind, type CabinetKind } from '../../api/cabinetFacts';
import { invalidParameter } from '../../api/clientErrors';
import { cabinetLink } from '../../api/documentLinks';
import { fileCabinetField, readFileCabinetId } from '../common/cabinetField';
import { documentOutputFields, readDocumentOutput } from '../common/documentOutput';
import { sessionFields } from '../common/sessionFields';
import type { DocuWareOperation } from '../operation';
import { documentIdsField, readDocumentIds } from './documentIds';
import { changedRows, changeFor } from './sendChange';

/** Goes on where DocuWare warns of content that would be lost (docs/facts/docuware.md 7.4). */
export const forceOption: INodeProperties = {
	displayName: 'Force',
	name: 'force',
	type: 'boolean',
	default: false,
	description: 'Whether to go on where content, such as an annotation or a signature, may be lost',
};

const DONE = { Clip: 'clipped', Staple: 'stapled' } as const;

/** Makes one document of several (docs/facts/docuware.md 7.3). */
export function mergeOperation(
	words: Pick<DocuWareOperation, 'name' | 'value' | 'action' | 'description'>,
	{ operation, kind }: { operation: 'Clip' | 'Staple'; kind: CabinetKind },
): DocuWareOperation {
	return {
		...words,
		fields: [
			changesField,
			...sessionFields,
			fileCabinetField(kind),
			documentIdsField('The documents to put together, in this order; the first one stays'),
			...documentOutputFields,
			optionsCollection([forceOption]),
		],
		refusedAsTool: changesAsTool,
		async execute(call) {
			const ids = readDocumentIds(call, 2);
			const cabinetId = await readFileCabinetId(call, kind);
			if (kind === 'trays') requireTray(words.name, cabinetId);
			const output = await readDocumentOutput(call, cabinetId);
			const { resource } = await call.facts.cabinet(cabinetId);
			const answer = await changeFor(call, {
				method: 'POST',
				address: cabinetLink(call.client, cabinetId, resource, 'contentMergeOperation'),
				body: { Documents: ids, Operation: operation, Force: isOn(readOptions(call).force) },
			});
			const done = { [DONE[operation]]: true, documentIds: ids, fileCabinetId: cabinetId };
			return changedRows(call, output, answer, done);
		},
	};
}

/**
 * Staples are for trays alone (docs/facts/docuware.md 7.3).
 * @throws ConnectorError DOCUWARE_INVALID_PARAMETER
 */
export function requireTray(operation: string, cabinetId: string): void {
	if (isKind({ Id: cabinetId }, 'trays')) return;
	throw invalidParameter(
		`${operation} works in document trays only, and ${cabinetId} is a file cabinet. Nothing was changed.`,
		'Choose a document tray, or use Clip and Unclip; Transfer brings documents into a tray and back.',
	);
}
