import { sessionFields } from '../common/sessionFields';
import type { DocuWareOperation } from '../operation';
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

/** `POST …/Rights`, which changes nothing: of the rights that are named it gives those the user has (docs/facts/docuware.md 7.4). */
export const getDocumentRights: DocuWareOperation = {
	name: 'Get Rights',
	value: 'getRights',
	action: 'Get rights on document',
	description: 'Get the rights that the user of the credential has on a document',
	fields: [...sessionFields, ...documentTargetFields],
	async execute(call) {
		const document = await readDocument(call);
		const path = linkOf(call, document, 'rights');
		const answer = await call.client.query({ path, signal: call.signal }, { Right: RIGHTS });
		const rights = (Array.isArray(answer.Right) ? answer.Right : []).map(String);
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
