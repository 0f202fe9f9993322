import type { INodeProperties } from 'n8n-workflow';
import { ConnectorError, isConnectorError, passOn } from '../../../shared/errors';
import { fileNameOf } from '../../../shared/http';
import { changesAsTool, changesField } from '../../../shared/node/toolChanges';
import { binaryOutput } from '../../../shared/node/binaryOutput';
import { withoutAnswer } from '../../api/clientErrors';
import type { LocatedDocument } from '../../api/documentLinks';
import { sessionFields } from '../common/sessionFields';
import type { DocuWareOperation } from '../operation';
import { linkOf, placeOf, readDocument, versionedFields } from './locatedDocument';
import { keptName, parseKeptName } from './keptName';
import { refusedVersion } from './versionRefusal';

const outputFieldField: INodeProperties = {
	displayName: 'Put Output File in Field',
	name: 'outputField',
	type: 'string',
	default: 'data',
	required: true,
	hint: 'The name of the output binary field to put the file in',
};

/** `CheckoutToFileSystem` (docs/facts/docuware.md 7.3): the file under the name that Check In needs. */
export const checkOutDocument: DocuWareOperation = {
	name: 'Check Out',
	value: 'checkOut',
	action: 'Check out document',
	description:
		'Check a document out and get its file; needs version management on the file cabinet. Keep the name of the file: Check In knows it by that.',
	fields: [changesField, ...sessionFields, ...versionedFields, outputFieldField],
	refusedAsTool: changesAsTool,
	async execute(call) {
		const { context, itemIndex, client, signal } = call;
		const field = String(context.getNodeParameter(outputFieldField.name, itemIndex, 'data')).trim();
		const document = await readDocument(call, 'cabinets');
		const path = linkOf(call, document, 'checkoutToFileSystem');
		const answer = await client
			.send({
				method: 'POST',
				path,
				responseType: 'stream',
				headers: { Accept: '*/*', 'Content-Type': 'application/json' },
				body: '{}',
				signal,
			})
			.catch(async (error: unknown) => await refusedVersion(call, document, error, false));
		const fileName = nameOf(answer.headers, document);
		const headers = {
			...answer.headers,
			'content-disposition': `attachment; filename="${fileName}"`,
		};
		const binary = await binaryOutput(context, { ...answer, headers }, field || 'data').catch(
			(failure: unknown) => {
				throw notReceived(
					document,
					withoutAnswer({ method: 'POST', path: path.pathname }, failure),
				);
			},
		);
		return [{ json: { checkedOut: true, ...placeOf(document), fileName }, binary }];
	},
};

/** The name that the answer gives; where it lacks what Check In needs, with that in front. */
function nameOf(headers: Record<string, string>, document: LocatedDocument): string {
	const { cabinetId, documentId, resource } = document;
	const given = fileNameOf(headers);
	if (given !== undefined && parseKeptName(given) !== undefined) return given;
	const title = typeof resource.Title === 'string' ? resource.Title : 'file';
	const fileName = (given ?? title).replace(/["/\\]/g, '_');
	return keptName({ documentId, cabinetId, fileName });
}

/** The document is checked out, and its file is not here. */
function notReceived({ documentId }: LocatedDocument, failure: unknown): unknown {
	if (!(failure instanceof Error)) passOn(failure);
	const known = isConnectorError(failure) ? failure : undefined;
	return new ConnectorError(
		'DOCUWARE_CHECK_OUT_UNFINISHED',
		`Document ${documentId} is checked out now, but its file was not received: ${failure.message}`,
		{
			repair: 'Run Undo Check Out, then Check Out again.',
			...(known?.httpStatus === undefined ? {} : { httpStatus: known.httpStatus }),
		},
	);
}
