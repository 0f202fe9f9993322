import { safeFileName } from '../../../shared/http';
import { tarArchive } from '../../upload/tarArchive';
import { totalSize, type FileToStore, type SizedFile } from './storeOrder';
import { headerName } from './storeRequest';

/** Several files as one upload in parts (docs/facts/docuware.md 7.2). */
const TAR_TYPE = 'application/vnd.docuware.platform.filescontainer+tar';

/** Bytes of names that one header may hold: servers take some 16,000 in all headers of a request. */
const MOST_NAMES_BYTES = 8_000;

/**
 * What goes out in parts where the files are larger than that: one file as it is, several in an archive that DocuWare
 * takes apart again.
 *
 * @returns undefined where they go out in one request: they are not that large, or a size is not known, or the names are too
 *   long, or two of them the same, of which an archive that is unpacked may hold one alone
 */
export function filesInParts(
	files: readonly FileToStore[],
	partsAbove: number,
): SizedFile | undefined {
	const size = totalSize(files);
	const [file, ...others] = files;
	if (file === undefined || size === undefined || size <= partsAbove) return undefined;
	if (others.length === 0) return { ...file, size };
	const names = files.map(({ fileName }) => safeFileName(fileName));
	const sentName = `Tar file names:${names.map(headerName).join('/')}`;
	const areAlike = new Set(names.map((name) => name.toLowerCase())).size < names.length;
	if (areAlike || sentName.length > MOST_NAMES_BYTES) return undefined;
	const archive = tarArchive(
		files.map((one, index) => ({
			name: names[index] ?? '',
			size: one.size ?? 0,
			content: one.content,
		})),
	);
	return (
		archive && {
			fileName: `${file.fileName} and ${others.length} more`,
			mediaType: TAR_TYPE,
			...archive,
			sentName,
			storedSize: size,
			sections: files.length,
		}
	);
}
