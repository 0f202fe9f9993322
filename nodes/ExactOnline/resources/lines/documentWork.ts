import type { Operation } from '../operation';
import type { IfExists } from '../records/matchFields';
import type { RecordTarget } from '../records/target';
import { documentsFromItems } from './documentGroups';
import { hasLines } from './documentTarget';
import { lineRows } from './lineRows';
import { writeDocument } from './writeDocument';

/**
 * What an operation that makes documents with lines does beside its work on single items: it can make one of several.
 *
 * @param ifExists what is done where the document is there; read from the item if missing
 */
export function documentWork(
	target: RecordTarget,
	ifExists?: IfExists,
): Pick<Operation, 'together' | 'dealsWithGapsIn'> {
	if (!hasLines(target)) return {};
	return {
		dealsWithGapsIn: [lineRows.name],
		together: documentsFromItems(target, async (call, document) => {
			const read = call.context.getNodeParameter('ifExists', call.itemIndex, 'create') as IfExists;
			return await writeDocument(call, target, document, ifExists ?? read);
		}),
	};
}
