import { safeFileName } from '../../../shared/http';
import { tarArchive } from '../../upload/tarArchive';
import { headerName, type SizedFile } from './sendInParts';
import { totalSize, type FileToStore } from './storeOrder';

/** Several files as one upload in parts (docs/facts/docuware.md 7.2). */
const TAR_TYPE = 'application/vnd.docuware.platform.filescontainer+tar';

/**
 * What goes out in parts where the files are larger than that: one file as it is, several in an archive that DocuWare
 * takes apart again.
 *
 * @returns undefined where they go out in one request: they are not that large, or a size is not known, or a name is too
 *   long for an archive
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
			sentName: `Tar file names:${names.map(headerName).join('/')}`,
			storedSize: size,
		}
	);
}
