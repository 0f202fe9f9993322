import { ConnectorError, isConnectorError } from '../../../shared/errors';
import type { StoreOrder } from '../../api/files/storeOrder';
import type { PlatformResource } from '../../api/platformClient';
import { appendSection } from './appendSection';
import type { OperationCall } from '../operation';
import { readSections } from './documentSections';
import { documentPath, type DocumentTarget } from './documentTarget';
import { readChanged } from './readChanged';
import { replaceWith } from './replaceSection.operation';

/**
 * Puts files in the place of those that a document has, one for one; a data record gets them as its first ones.
 *
 * @returns the document as it is now
 * @throws ConnectorError DOCUWARE_SECTIONS_DIFFER where the document has more files, or fewer, but some; then nothing is
 *   changed
 */
export async function replaceFiles(
	call: OperationCall,
	target: DocumentTarget,
	order: StoreOrder,
): Promise<PlatformResource> {
	const { files } = order;
	const sections = await readSections(call, target);
	if (files.length === 0 || (sections.length > 0 && sections.length !== files.length)) {
		throw differ(target, sections.length, files.length);
	}
	for (const [index, file] of files.entries()) {
		const section = sections[index];
		const change =
			section === undefined
				? appendSection(call, target, { ...order, files: [file] })
				: replaceWith(call, target, String(section.Id), { ...order, files: [file] });
		await change.catch((error: unknown) => {
			throw partly(error, target, index, files.length);
		});
	}
	return await readChanged(call, documentPath(target));
}

function differ({ documentId }: DocumentTarget, has: number, given: number): ConnectorError {
	return new ConnectorError(
		'DOCUWARE_SECTIONS_DIFFER',
		`The document ${documentId} has ${has} files and ${given} are given, so none takes the place of another by itself. Nothing was changed.`,
		{ repair: 'Give as many files, or use Replace Section, Append File and Delete Section.' },
	);
}

function partly(error: unknown, target: DocumentTarget, done: number, all: number): unknown {
	if (!isConnectorError(error) || done === 0) return error;
	const { code, message, repair, httpStatus, serviceMessage } = error;
	return new ConnectorError(
		code,
		`Of ${all} files of the document ${target.documentId} the first ${done} were replaced: ${message}`,
		{ repair, httpStatus, serviceMessage, cause: error },
	);
}
