import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';
import { ConnectorError } from '../../../shared/errors';
import type { NodeRun } from '../../../shared/node/nodeRun';
import { documentPath } from '../../api/cabinetFacts';
import { readFileCabinetId } from '../../resources/common/cabinetField';
import { documentJson, readDocumentOutput } from '../../resources/common/documentOutput';
import { triggerCall } from '../triggerCall';
import { whenFound } from './whenFound';

/**
 * The document of an event, as the node's Output says.
 *
 * @param documentId null where what DocuWare has sent does not say it
 * @throws ConnectorError DOCUWARE_EVENT_WITHOUT_DOCUMENT, and as the operation *Document: Get*
 */
export async function fetchDocument(
	context: IWebhookFunctions,
	run: NodeRun,
	documentId: number | null,
): Promise<IDataObject> {
	if (documentId === null) throw noDocument();
	const call = await triggerCall(context, run);
	const cabinetId = await readFileCabinetId(call, 'cabinets');
	const output = await readDocumentOutput(call, cabinetId);
	const { signal } = run;
	const path = documentPath(cabinetId, documentId);
	const document = await whenFound(async () => await call.client.read({ path, signal }), signal);
	return documentJson(output, document);
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
