import { runsAsTool } from '../../../shared/node/toolRun';
import { changesAsTool, changesField } from '../../../shared/node/toolChanges';
import { shownPath } from '../../platform/serverAddress';
import { sessionFields } from '../common/sessionFields';
import type { DocuWareOperation } from '../operation';
import { checkOutInDoubt, keepCheckedOut, refuseTooLarge } from './checkedOutFile';
import { outputFileField } from './fileFields';
import { linkOf, placeOf, readDocument, versionedFields } from './locatedDocument';
import { refusedVersion } from './versionRefusal';

/** `CheckoutToFileSystem` (docs/facts/docuware.md 7.3): the file under the name that Check In needs. */
export const checkOutDocument: DocuWareOperation = {
	name: 'Check Out',
	value: 'checkOut',
	action: 'Check out document',
	description:
		'Check a document out and get its file; needs version management on the file cabinet. Keep the name of the file: Check In knows it by that.',
	fields: [changesField, ...sessionFields, ...versionedFields, outputFileField],
	refusedAsTool: changesAsTool,
	async execute(call) {
		const { context, itemIndex, client, signal } = call;
		const field = String(context.getNodeParameter(outputFileField.name, itemIndex, 'data')).trim();
		const document = await readDocument(call, 'cabinets');
		await refuseTooLarge(document);
		const path = linkOf(call, document, 'checkoutToFileSystem');
		const answer = await client
			.send({
				method: 'POST',
				path,
				responseType: 'stream',
				headers: { Accept: 'application/json, */*;q=0.5', 'Content-Type': 'application/json' },
				body: '{}',
				signal,
			})
			.catch(async (error: unknown) => {
				return await refusedVersion(call, document, checkOutInDoubt(document, error), false);
			});
		const asked = { method: 'POST', path: shownPath(client.session, path) };
		const checkOut = { document, asked, answer };
		const { fileName, binary } = await keepCheckedOut(call, checkOut, field || 'data');
		const json = { checkedOut: true, ...placeOf(document), fileName };
		// A model gets no bytes; a later node of the workflow would.
		return [runsAsTool(context) ? { json } : { json, binary }];
	},
};
