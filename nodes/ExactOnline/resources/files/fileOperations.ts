import type { ResourceData } from '../../catalogue/firstClass/resourceData';
import type { Operation } from '../operation';
import type { RecordTarget } from '../records/target';
import { downloadAttachment } from './download.operation';
import { downloadPdf } from './downloadPdf.operation';
import { uploadAttachment } from './upload.operation';
import { uploadDocument } from './uploadDocument.operation';

/** What can be done with the files of a resource, by its data. */
export function fileOperations(target: RecordTarget, { files }: ResourceData): Operation[] {
	if (files === undefined) return [];
	if (files === 'document') return [uploadDocument(target)];
	if (files === 'attachment') return [uploadAttachment, downloadAttachment(target)];
	return [downloadPdf(target, files.pdf)];
}
