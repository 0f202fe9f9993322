import type { INodeProperties } from 'n8n-workflow';
import { isRecord } from '../../../shared/http';
import { invalidParameter } from '../../api/clientErrors';
import type { OperationCall } from '../operation';

/** Documents of the trash bin, by the ids that a search of it gives. */
export const trashIdsField: INodeProperties = {
	displayName: 'Trash Bin IDs',
	name: 'trashBinIds',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. tr_3fa85f64-5717-4562-b3fc-2c963f66afa6-4711',
	description:
		'The IDs of the documents in the trash bin, as trashBinId in the output of Search: one, several with commas, or an array',
};

/** An id of the trash bin (docs/facts/docuware.md 7.3). */
export const TRASH_ID = /^tr_[\w-]+$/i;

/**
 * The ids that the item gives, each once.
 * @throws ConnectorError DOCUWARE_INVALID_PARAMETER for none, or one of another form, such as that of a document
 */
export function readTrashIds({
	context,
	itemIndex,
}: Pick<OperationCall, 'context' | 'itemIndex'>): string[] {
	const given: unknown = context.getNodeParameter(trashIdsField.name, itemIndex, '');
	const ids = listOf(given)
		.map((one) => String((isRecord(one) ? one.trashBinId : one) ?? '').trim())
		.filter((id, _at, all) => id !== '' || all.length > 1);
	if (ids.length === 0) {
		throw invalidParameter(
			'No ID of a document in the trash bin is given.',
			'Give trashBinId of the output of Trash Bin > Search.',
		);
	}
	const stranger = ids.find((id) => !TRASH_ID.test(id));
	if (stranger === undefined) return [...new Set(ids)];
	throw invalidParameter(
		`"${stranger.slice(0, 60)}" is no ID of a document in the trash bin. Nothing was sent.`,
		'Give trashBinId of the output of Trash Bin > Search, which begins with tr_; the number of a document is no such ID.',
	);
}

function listOf(value: unknown): unknown[] {
	if (Array.isArray(value)) return value;
	const text = String(value ?? '').trim();
	if (!text.startsWith('[')) return text.split(',');
	try {
		const parsed: unknown = JSON.parse(text);
		return Array.isArray(parsed) ? parsed : [text];
	} catch {
		return text.split(',');
	}
}
