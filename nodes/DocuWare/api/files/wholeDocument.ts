import type { PlatformResource } from '../platformClient';
import { sectionCountOf } from '../sectionCount';
import { nameOf, type PartsProgress } from './partsProgress';
import { incomplete } from './uploadErrors';

/**
 * The document that was made of a file in parts, once it is sure that it is whole.
 * @throws ConnectorError DOCUWARE_UPLOAD_INCOMPLETE, with what is to be deleted
 */
export function wholeDocument(
	progress: PartsProgress,
	document: PlatformResource,
): PlatformResource {
	const { file, sent, makes, isResent } = progress;
	if (sent < file.size) {
		throw incomplete(
			`DocuWare took the first ${sent} of ${file.size} bytes of "${file.fileName}" for the whole file and stored ${nameOf(progress, document)} with them.`,
			`Delete that ${makes}. Then run this again with Options > Send in Parts Above set to 0: this server does not take files in parts.`,
		);
	}
	checkSections(progress, document);
	const stored = Number(document.FileSize ?? NaN);
	// Zero stands for nothing said; more than the file has is wrong only where a part may be in it twice.
	const wanted = file.storedSize ?? file.size;
	const isWhole = !(stored > 0) || (isResent ? stored === wanted : stored >= wanted);
	if (isWhole) return document;
	const how = isResent
		? `A part of "${file.fileName}" was sent again after a broken connection`
		: `All of "${file.fileName}" was sent`;
	throw incomplete(
		`${how}, and ${nameOf(progress, document)} now has ${stored} bytes instead of ${wanted}.`,
		`Delete that ${makes}, and run this again.`,
	);
}

/** A server that does not take an archive apart stores it as one file: its size tells where nothing counts the files. */
function checkSections(progress: PartsProgress, document: PlatformResource): void {
	const { fileName, sections: wanted, size } = progress.file;
	if (wanted === undefined) return;
	const stored = sectionCountOf(document);
	const isArchive = stored === undefined && Number(document.FileSize ?? NaN) === size;
	const isUntold = stored === undefined && !isArchive;
	if (isUntold || stored === wanted) return;
	const name = nameOf(progress, document);
	const what = isArchive
		? `and ${name} is that archive, not ${wanted} files`
		: `of which ${name} has ${stored} file${stored === 1 ? '' : 's'} instead of ${wanted}`;
	throw incomplete(
		`"${fileName}" were sent as one archive, ${what}.`,
		`Delete that ${progress.makes}. Then run this again with Options > Send in Parts Above set to 0, or upload the first file and add the others with Append File: this server does not take archives apart.`,
	);
}
