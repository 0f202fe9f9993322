import type { IDataObject, IExecuteFunctions, IWebhookFunctions } from 'n8n-workflow';
import { ConnectorError } from '../../../shared/errors';
import type { NodeRun } from '../../../shared/node/nodeRun';
import { CabinetFacts, documentPath } from '../../api/cabinetFacts';
import { PlatformClient } from '../../api/platformClient';
import { RunMemory } from '../../api/runMemory';
import { credentialTypeFor } from '../../auth/account/credentialTypes';
import { createDocuWareSession } from '../../auth/nodeSession';
import { readFileCabinetId } from '../../resources/common/cabinetField';
import { documentJson, readDocumentOutput } from '../../resources/common/documentOutput';
import type { OperationCall } from '../../resources/operation';

/**
 * The document of an event, as the node's Output says.
 *
 * @param documentId null where what DocuWare has sent does not say it
 * @throws ConnectorError DOCUWARE_EVENT_WITHOUT_DOCUMENT, and as the operation *Document: Get*
 */
export async function fetchDocument(
	context: IWebhookFunctions,
	{ signal, releaseLater }: NodeRun,
	documentId: number | null,
): Promise<IDataObject> {
	if (documentId === null) throw noDocument();
	const session = await createDocuWareSession(context, 0, {
		credentialType: credentialTypeFor(context.getNodeParameter('authentication')),
	});
	releaseLater(session);
	const client = new PlatformClient(session);
	const memory = new RunMemory();
	const facts = new CabinetFacts(client, memory, signal);
	const asItem = withItems(context);
	const shared = { session, client, memory, facts, releaseLater };
	const call: OperationCall = { context: asItem, itemIndex: 0, signal, ...shared };
	const cabinetId = await readFileCabinetId(call, 'cabinets');
	const output = await readDocumentOutput(call, cabinetId);
	const document = await client.read({ path: documentPath(cabinetId, documentId), signal });
	return documentJson(output, document);
}

/** Parameters are read by item in operations, and without one in a delivery. */
function withItems(context: IWebhookFunctions): IExecuteFunctions {
	const getNodeParameter = (name: string, _itemIndex: number, fallback?: unknown) =>
		context.getNodeParameter(name, fallback as never) as unknown;
	return Object.assign(Object.create(context), { getNodeParameter }) as IExecuteFunctions;
}

/** @param limitMs how long DocuWare was waited for */
export function outOfTime(limitMs: number): ConnectorError {
	return new ConnectorError(
		'DOCUWARE_EVENT_WITHOUT_DOCUMENT',
		`DocuWare has not delivered the document within ${limitMs / 1000} s.`,
		{ repair: 'Get the document with the DocuWare node behind this one.', retryable: true },
	);
}

function noDocument(): ConnectorError {
	return new ConnectorError(
		'DOCUWARE_EVENT_WITHOUT_DOCUMENT',
		'What DocuWare has sent has no DWDOCID, so it is not known which document is meant.',
		{ repair: 'Add DWDOCID to the HTTP Request Body of the webhook in DocuWare.' },
	);
}
