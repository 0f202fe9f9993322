import type { INodeProperties } from 'n8n-workflow';
import { readOptions } from '../../../shared/node/optionsField';
import { documentPath, type Cabinet } from '../../api/cabinetFacts';
import { fieldsIn, type ServiceField } from '../../fields/readFields';
import type { SentField } from '../../fields/writeFields';
import { isUsers } from '../common/documentOutput';
import { indexFieldInputs, readIndexFields } from '../common/indexFieldInputs';
import type { OperationCall } from '../operation';

const switchField: INodeProperties = {
	displayName: 'Set Index Fields',
	name: 'setIndexFields',
	type: 'boolean',
	default: false,
	description:
		'Whether to give index fields that the documents have in the target; all of them get the same',
};

/** Index fields of the target, shown where they are wanted. */
export const transferFieldInputs: INodeProperties[] = [
	switchField,
	...indexFieldInputs.map((field): INodeProperties => ({
		...field,
		displayOptions: { show: { ...field.displayOptions?.show, [switchField.name]: [true] } },
	})),
];

export const keepOthersOption: INodeProperties = {
	displayName: 'Keep Other Index Values',
	name: 'keepOthers',
	type: 'boolean',
	default: true,
	description:
		'Whether the documents keep their values of the fields that Set Index Fields does not give and the target has by the same name; each document is read for that',
};

/** A document of a transfer: without fields it takes those of its source along (docs/facts/docuware.md 7.4). */
export interface TransferredDocument {
	Id: number;
	Fields: SentField[] | null;
}

/**
 * The documents with the index fields that they have in the target.
 *
 * @throws ConnectorError as `readIndexFields`, and for a document that cannot be read
 */
export async function transferredDocuments(
	call: OperationCall,
	ids: readonly number[],
	sourceId: string,
	target: Cabinet,
): Promise<TransferredDocument[]> {
	const given = readGiven(call, target);
	if (given.length === 0) return ids.map((Id) => ({ Id, Fields: null }));
	if (readOptions(call).keepOthers === false) return ids.map((Id) => ({ Id, Fields: given }));
	const documents: TransferredDocument[] = [];
	for (const id of ids) {
		const path = documentPath(sourceId, id);
		const { Fields: own } = await call.client.read({ path, signal: call.signal });
		documents.push({ Id: id, Fields: [...given, ...kept(fieldsIn(own), given, target)] });
	}
	return documents;
}

function readGiven(call: OperationCall, { names }: Cabinet): SentField[] {
	const { context, itemIndex } = call;
	if (context.getNodeParameter(switchField.name, itemIndex, false) !== true) return [];
	return readIndexFields(call, { names, isNew: false });
}

/** Values of the source that the target has a field for, and that are not given. */
function kept(
	own: readonly ServiceField[],
	given: readonly SentField[],
	{ fields }: Cabinet,
): SentField[] {
	const isGiven = (name: string) => given.some(({ FieldName }) => FieldName === name);
	return own.flatMap((field) => {
		const name = String(field.FieldName);
		const { Item: item, ItemElementName: element } = field;
		const into = fields.find((one) => one.name === name && !one.isReadOnly);
		const isEmpty = field.IsNull === true || item === null || item === undefined;
		if (into === undefined || isEmpty || isGiven(name) || !isUsers(field)) return [];
		return [{ FieldName: name, Item: item, ItemElementName: String(element) }];
	});
}
