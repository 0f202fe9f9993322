import { resourceAnswer } from '../http/answers';
import type { Answer } from '../../shared/answers';
import type { StoredDocument } from '../world/documents';
import type { PlatformCall, Principal } from './call';
import { documentList } from './resultResource';

/** Documents as a list of the kind that searches give (docs/facts/docuware.md 7.4). */
export function documentsAnswer(
	call: PlatformCall,
	principal: Principal,
	documents: readonly StoredDocument[],
): Answer {
	return resourceAnswer(call.request, 'DocumentsQueryResult', {
		Count: { HasMore: false, ExceedLimit: false, Value: documents.length },
		Items: documentList(call, principal, documents, undefined),
		Links: [],
	});
}
