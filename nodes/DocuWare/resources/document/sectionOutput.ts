import type { IDataObject } from 'n8n-workflow';
import type { PlatformResource } from '../../api/platformClient';
import { readDateTime } from '../../fields/serviceDates';
import type { DocumentTarget } from './documentTarget';

/** A section as a workflow wants it (docs/facts/docuware.md 7). */
export function sectionRow(
	{ documentId, fileCabinetId }: DocumentTarget,
	section: PlatformResource,
): IDataObject {
	const { Id, OriginalFileName, ContentType, FileSize, PageCount, HasTextAnnotation } = section;
	return {
		sectionId: (Id ?? null) as string | null,
		documentId,
		fileCabinetId,
		fileName: (OriginalFileName ?? null) as string | null,
		contentType: (ContentType ?? null) as string | null,
		fileSize: (FileSize ?? null) as number | null,
		pageCount: (PageCount ?? null) as number | null,
		modifiedAt: readDateTime(section.ContentModified) as string | null,
		hasTextAnnotation: (HasTextAnnotation ?? null) as boolean | null,
	};
}
