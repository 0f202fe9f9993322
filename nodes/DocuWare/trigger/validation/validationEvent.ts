import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import {
	takeResponse,
	type HookAnswer,
	type TakenResponse,
} from '../../../shared/node/takenResponse';
import {
	logFailure,
	readDelivery,
	UNAUTHORIZED,
	type Delivery,
} from '../../../shared/node/webhookFrame';
import { accepted, refused, type MarkedAnswer } from '../../platform/validation';
import { isSigned } from '../webhook/signature';
import { passphraseProblem, readWebhookSecrets, validationSecretProblem } from '../webhookSecret';
import { showsSecret } from './validationAuthentication';
import { replyWithin, told } from './validationReply';
import { readValidationRequest } from './validationRequest';

/** How DocuWare proves itself when it asks. */
export type ValidationProof = 'header' | 'path' | 'signature';

/** Part of the address that holds the secret, where it is there. */
const SECRET_PARAMETER = 'secret';

const DEFAULT_LIMIT_S = 10;
const LONGEST_LIMIT_S = 600;

const UNREADABLE =
	'DocuWare has asked n8n in a form that it does not understand, so nothing was stored.';

const NOT_SET_UP =
	'The check in n8n is not set up, so nothing was stored. Please tell the administrator of n8n.';

/**
 * Takes what DocuWare asks before it stores (docs/facts/docuware.md 8.6). The availability test is answered here; a
 * question about a document starts the workflow, and what n8n answers when that has ended goes out as `replyWithin`
 * says. Nothing but the 401 to whoever does not prove itself has another status than 200.
 */
export async function receiveValidation(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const response = takeResponse(context.getResponseObject());
	try {
		return await receive(context, response);
	} catch (error) {
		logFailure(context, error);
		response.answer(answerWith(refused(NOT_SET_UP)));
		return { noWebhookResponse: true };
	}
}

async function receive(
	context: IWebhookFunctions,
	response: TakenResponse,
): Promise<IWebhookResponseData> {
	const limit = limitMs(context);
	const delivery = await readDelivery(context);
	if (!(await isProved(context, delivery))) {
		response.answer(UNAUTHORIZED);
		return { noWebhookResponse: true };
	}
	const isQuestion = delivery.method === 'POST';
	const request = isQuestion
		? readValidationRequest(delivery.body)
		: { kind: 'availability' as const };
	if (request.kind !== 'document') {
		const isThere = request.kind === 'availability';
		response.answer(answerWith(isThere ? accepted() : refused(UNREADABLE)));
		return { noWebhookResponse: true };
	}
	void replyWithin(response, limit).catch((error: unknown) => logFailure(context, error));
	return { workflowData: [[{ json: request.item }]] };
}

/** @throws ConnectorError DOCUWARE_WEBHOOK_SECRET_MISSING where the credential cannot prove anything */
async function isProved(context: IWebhookFunctions, delivery: Delivery): Promise<boolean> {
	const proof = context.getNodeParameter('validationProof', 'path') as ValidationProof;
	const secrets = await readWebhookSecrets(context);
	const problem =
		proof === 'signature' ? passphraseProblem(secrets) : validationSecretProblem(secrets);
	if (problem !== undefined) throw problem;
	if (proof === 'signature') {
		// A GET has no body that could be signed; it starts nothing, and is told nothing.
		return delivery.method !== 'POST' || isSigned(delivery, secrets.passphrases);
	}
	const inPath = (context.getParamsData() as Record<string, unknown>)[SECRET_PARAMETER];
	return showsSecret(proof, delivery, inPath, secrets.validationSecret);
}

function answerWith(answer: MarkedAnswer): HookAnswer {
	return { status: 200, body: told(answer) };
}

function limitMs(context: IWebhookFunctions): number {
	const given = Number(context.getNodeParameter('answerLimit', DEFAULT_LIMIT_S));
	const seconds = given >= 1 && given <= LONGEST_LIMIT_S ? given : DEFAULT_LIMIT_S;
	return seconds * 1000;
}
