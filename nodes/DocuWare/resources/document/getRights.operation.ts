import { passOn } from '../../../shared/errors';
import type { PlatformResource } from '../../api/platformClient';
import { isRefusedRequest } from '../../platform/answerError';
import { unreadableAnswer } from '../../platform/strangeAnswers';
import type { AskedFor } from '../../platform/askedFor';
import { shownPath } from '../../platform/serverAddress';
import { sessionFields } from '../common/sessionFields';
import type { DocuWareOperation, OperationCall } from '../operation';
import { documentTargetFields } from './documentTarget';
import { linkOf, placeOf, readDocument } from './locatedDocument';

/** The rights on a document that DocuWare is asked about (docs/facts/docuware.md 7.4). */
const RIGHTS = [
	'General_Search',
	'General_DisplayDocument',
	'General_Edit',
	'General_EditDocuments',
	'General_DeleteDocuments',
	'General_Export',
	'General_Checkout',
	'General_Append',
	'General_AppendToReadOnly',
	'General_ChangeToReadOnly',
	'General_AddEntries',
	'General_Store',
	'Annotation_New',
	'Annotation_Delete',
	'Annotation_All',
	'Annotation_Hide',
	'Annotation_Stamp_New',
	'Annotation_Stamp_Hide',
];

/** Asks which of the rights the user has; a server that does not take the question tells all of them by a GET. */
async function readRights({ client, signal }: OperationCall, path: URL): Promise<string[]> {
	const asked = { method: 'POST', path: shownPath(client.session, path), isQuery: true };
	try {
		return rightsIn(await client.query({ path, signal }, { Right: RIGHTS }), asked);
	} catch (error) {
		if (!isRefusedRequest(error)) passOn(error);
		const answer = await client.read({ path, signal }).catch(() => passOn(error));
		return rightsIn(answer, { method: 'GET', path: asked.path });
	}
}

/** @throws ConnectorError DOCUWARE_UNEXPECTED_ANSWER */
function rightsIn(answer: PlatformResource, asked: AskedFor): string[] {
	if (Array.isArray(answer.Right)) return answer.Right.map(String);
	throw unreadableAnswer(asked, JSON.stringify(answer), 'a list of rights');
}

/** `POST …/Rights`, which changes nothing: of the rights that are named it gives those the user has, or a GET gives all (docs/facts/docuware.md 7.4). */
export const getDocumentRights: DocuWareOperation = {
	name: 'Get Rights',
	value: 'getRights',
	action: 'Get rights on document',
	description: 'Get the rights that the user of the credential has on a document',
	fields: [...sessionFields, ...documentTargetFields],
	async execute(call) {
		const document = await readDocument(call);
		const rights = await readRights(call, linkOf(call, document, 'rights'));
		return [
			{
				json: {
					...placeOf(document),
					rights,
					missing: RIGHTS.filter((right) => !rights.includes(right)),
				},
			},
		];
	},
};
