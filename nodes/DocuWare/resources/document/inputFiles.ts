import { ConnectorError } from '../../../shared/errors';
import { readInputFile } from '../../../shared/node/binaryInput';
import type { FileToStore } from '../../api/files/storeOrder';
import type { OperationCall } from '../operation';

/**
 * A file of the item.
 *
 * @param field binary field
 * @param chosenName a name in place of the file's own; empty for none
 * @throws ConnectorError DOCUWARE_INVALID_PARAMETER for a file that has no name; n8n's error for a missing field
 */
export async function readFileToStore(
	call: OperationCall,
	field: string,
	chosenName = '',
): Promise<FileToStore> {
	const { fileName = '', mediaType, size, body } = await readInputFile(call, field);
	const name = (chosenName.trim() || fileName).trim();
	if (name === '') {
		throw new ConnectorError('DOCUWARE_INVALID_PARAMETER', `The file in ${field} has no name.`, {
			repair: 'Give one in Options > File Name, with its ending.',
		});
	}
	return { fileName: name, mediaType, content: body, size };
}

/**
 * The files in several binary fields, in their order.
 * @param fields their names, with commas between them
 */
export async function readFilesToStore(
	call: OperationCall,
	fields: string,
	chosenName: string,
): Promise<FileToStore[]> {
	const names = fields
		.split(',')
		.map((name) => name.trim())
		.filter((name) => name !== '');
	const files: FileToStore[] = [];
	for (const [index, name] of names.entries()) {
		files.push(await readFileToStore(call, name, index === 0 ? chosenName : ''));
	}
	return files;
}
