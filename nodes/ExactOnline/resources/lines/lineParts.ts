import type { INodeProperties } from 'n8n-workflow';
import { ConnectorError } from '../../../shared/errors';
import type { Endpoint } from '../../catalogue/types';
import { keyPredicate, keyRow } from '../../odata/keys';
import type { ExactRow } from '../../wire/exactTypes';
import { readDivision } from '../common/divisionField';
import type { OperationCall } from '../operation';
import type { Place } from '../records/findRecord';
import { valueOptions } from '../records/valueFields';
import { lineEndpoint, resolvedLines } from './documentLines';
import type { DocumentTarget } from './documentTarget';
import { oneLine } from './lineRows';
import { readRows } from './readLines';

/** One line of a document, by its ID. */
export const lineField: INodeProperties = {
	displayName: 'Line ID',
	name: 'lineId',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. 3fa85f64-5717-4562-b3fc-2c963f66afa6',
	description: 'The ID of the line, as Add Line returns it and the lines of a document hold it',
};

/** How the values of a line are read. */
export const lineOptions = valueOptions.filter(({ name }) => name !== 'unknownColumns');

/** Where the lines of a document are. */
export async function readLinePlace(call: OperationCall, target: DocumentTarget): Promise<Place> {
	const { lines } = target.data;
	const endpoint = lineEndpoint(target.endpointOf(call), lines);
	const data = { name: endpoint.name, value: '', endpoint: endpoint.path, main: lines.main };
	return { endpoint, data, division: await readDivision(call) };
}

/**
 * The line that the item names.
 * @throws ConnectorError EXACT_INVALID_VALUE for what is no ID
 */
export function readLineKey(
	{ context, itemIndex }: OperationCall,
	{ key }: Endpoint,
): { predicate: string; key: ExactRow } {
	const id = String(context.getNodeParameter('lineId', itemIndex)).trim();
	return { predicate: keyPredicate(key, id), key: keyRow(key, id) };
}

/**
 * The values of one line, with ids in the place of codes.
 *
 * @param needed fields that a line has in any case, so that none of them is cleared
 * @throws ConnectorError EXACT_INVALID_LINES where the form is empty, EXACT_EMPTY_VALUE
 */
export async function readLineValues(
	call: OperationCall,
	{ endpoint, division }: Place,
	needed: readonly string[],
): Promise<Readonly<Record<string, unknown>>> {
	const rows = readRows(call, oneLine.name, 'error', needed);
	const [line] = await resolvedLines(call, endpoint, division, rows);
	if (line !== undefined) return line;
	throw new ConnectorError('EXACT_INVALID_LINES', 'No field of the line has a value.', {
		repair: 'Give at least one field of the line a value.',
	});
}
