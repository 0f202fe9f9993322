import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import {
	takeResponse,
	type HookAnswer,
	type TakenResponse,
} from '../../../shared/node/takenResponse';
import type { ConnectorError } from '../../../shared/errors';
import { logProblem, logSeldom } from '../../../shared/node/problemLog';
import {
	readDelivery,
	readHead,
	UNAUTHORIZED,
	type Delivery,
} from '../../../shared/node/webhookFrame';
import { invalidParameter } from '../../api/clientErrors';
import { accepted, refused, type MarkedAnswer } from '../../platform/validation';
import { hasSignature, signedBytes } from '../webhook/signature';
import { passphraseProblem, readWebhookSecrets, validationSecretProblem } from '../webhookSecret';
import { showsSecret } from './validationAuthentication';
import { replyWithin, told } from './validationReply';
import { readValidationRequest, type ValidationRequest } from './validationRequest';

/** How DocuWare proves itself when it asks. */
export type ValidationProof = 'header' | 'path' | 'signature';

/** A signature over more is not looked at: anybody on the internet could have n8n work on it. */
const MOST_SIGNED_BYTES = 1024 * 1024;

/** Part of the address that holds the secret, where it is there. */
const SECRET_PARAMETER = 'secret';

const DEFAULT_LIMIT_S = 10;
const LONGEST_LIMIT_S = 600;

/** A form, which is no question that this node understands. */
const WITHOUT_BYTES: Delivery = { method: 'POST', headers: {}, body: Buffer.from('form') };

const UNREADABLE =
	'DocuWare has asked n8n in a form that it does not understand, so nothing was stored.';

const NOT_SET_UP =
	'The check in n8n is not set up, so nothing was stored. Please tell the administrator of n8n.';

/** Somebody who has proved himself. */
interface Proved {
	/** What he has sent. */
	delivery: Delivery;
	/** Why the credential is no proof for others to come. */
	problem: ConnectorError | undefined;
}

/**
 * Takes what DocuWare asks before it stores (docs/facts/docuware.md 8.6). The availability test is answered here; a
 * question about a document starts the workflow, and what n8n answers when that has ended goes out as `replyWithin`
 * says. Nothing but the 401 to whoever does not prove himself has another status than 200; he is not told either what is
 * wrong with the node.
 */
export async function receiveValidation(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const response = takeResponse(context.getResponseObject());
	const tell = (error: unknown) => logSeldom(context, error, { level: 'error' });
	const proved = await prove(context, tell).catch((error: unknown) => {
		tell(error);
		return undefined;
	});
	if (proved === undefined) {
		response.answer(UNAUTHORIZED);
		return { noWebhookResponse: true };
	}
	try {
		if (proved.problem !== undefined) throw proved.problem;
		return receive(context, response, proved.delivery);
	} catch (error) {
		tell(error);
		response.answer(answerWith(refused(NOT_SET_UP)));
		return { noWebhookResponse: true };
	}
}

function receive(
	context: IWebhookFunctions,
	response: TakenResponse,
	delivery: Delivery,
): IWebhookResponseData {
	const limit = limitMs(context);
	const request = requestIn(delivery);
	if (request.kind !== 'document') {
		const isThere = request.kind === 'availability';
		response.answer(answerWith(isThere ? accepted() : refused(UNREADABLE)));
		return { noWebhookResponse: true };
	}
	void replyWithin(response, limit).catch((error: unknown) =>
		logProblem(context, error, { level: 'error' }),
	);
	return { workflowData: [[{ json: request.item }]] };
}

/**
 * What was sent by somebody who proves himself. A secret in path or header is looked at before the body. One that is too
 * weak to publish with is a proof as well: who shows it may know why he is refused.
 * @param tell says in the log what the credential lacks, whoever has asked
 */
async function prove(
	context: IWebhookFunctions,
	tell: (problem: ConnectorError) => void,
): Promise<Proved | undefined> {
	const proof = context.getNodeParameter('validationProof', 'path') as ValidationProof;
	const secrets = await readWebhookSecrets(context);
	const problem =
		proof === 'signature' ? passphraseProblem(secrets) : validationSecretProblem(secrets);
	if (problem !== undefined) tell(problem);
	if (proof !== 'signature') {
		const inPath = (context.getParamsData() as Record<string, unknown>)[SECRET_PARAMETER];
		if (!showsSecret(proof, readHead(context), inPath, secrets.validationSecret)) return undefined;
		return { delivery: (await readDelivery(context)) ?? WITHOUT_BYTES, problem };
	}
	const delivery = problem === undefined ? await readDelivery(context) : undefined;
	if (delivery === undefined) return undefined;
	// A GET has no body that could be signed; it starts nothing, and is told nothing.
	if (delivery.method !== 'POST') return { delivery, problem };
	if (delivery.body.length > MOST_SIGNED_BYTES) return undefined;
	// Nor does a test by POST, of which no source says whether it is signed. A wrong passphrase is to fail it, though.
	const isTest = !hasSignature(delivery) && requestIn(delivery).kind === 'availability';
	return isTest || signedBytes(delivery, secrets.passphrases) ? { delivery, problem } : undefined;
}

/** What is asked. A GET has no question. */
function requestIn({ method, headers, body }: Delivery): ValidationRequest {
	if (method !== 'POST') return { kind: 'availability' };
	return readValidationRequest(body, headers['content-type']);
}

function answerWith(answer: MarkedAnswer): HookAnswer {
	return { status: 200, body: told(answer) };
}

/** @throws ConnectorError DOCUWARE_INVALID_PARAMETER */
function limitMs(context: IWebhookFunctions): number {
	const given = context.getNodeParameter('answerLimit', DEFAULT_LIMIT_S);
	const seconds = typeof given === 'string' && given.trim() === '' ? NaN : Number(given);
	if (seconds >= 1 && seconds <= LONGEST_LIMIT_S) return seconds * 1000;
	throw invalidParameter(
		`Answer Within (Seconds) is no number from 1 to ${LONGEST_LIMIT_S}: ${JSON.stringify(given)}.`,
		'Correct the expression, or enter a number.',
	);
}
