import type { HttpResponse } from '../../../shared/http';
import { isPage, isRecord, isWebPage, parseObject } from '../../../shared/http';
import { processState } from '../../../shared/process/processState';
import { released, singleFlight } from '../../../shared/process/singleFlight';
import type { Vault } from '../../../shared/vault/vault';
import { saysLicenceExpired } from '../../platform/licenceExpiry';
import {
	foreignLogIn,
	isLicenceRefusal,
	isOwnRefusal,
	leadsToLogin,
	serviceDescription,
} from '../../platform/platformAnswers';
import { platformSend } from '../../platform/platformRequest';
import type { ServerConnection } from '../../platform/serverAddress';
import { permissionsOf } from '../../platform/serverAddress';
import type { FactKind, ServerAnswer } from './agedFacts';
import { agedFact, factScopes } from './agedFacts';
import { takeTurn } from './minuteTurns';
import type { PresentedCredential, SessionCredential } from './sessionCredential';
import { authHeaders } from './sessionCredential';

/** Whether an answer may mean that the session of a request has ended: a refusal that is not about a licence. */
function mayEndSession(answer: HttpResponse, { kind }: Pick<SessionCredential, 'kind'>): boolean {
	if (answer.status === 401) {
		if (foreignLogIn(answer) !== undefined) return false;
		return !isLicenceRefusal(answer.body) && !saysLicenceExpired(answer);
	}
	return leadsToLogin(answer) || (answer.status === 410 && kind === 'cookie');
}

/**
 * Whether an answer proves that the session of a request has ended: a 401 of DocuWare's own other than about a
 * licence, the way to its log-in page, or the 410 of a server without cookie sessions. A 401 that shows neither
 * DocuWare's page nor its error object may as well be that of a proxy, which then refuses what needs no log-on as
 * well: the service description is asked for.
 */
export async function isSessionOver(
	connection: ServerConnection,
	answer: HttpResponse,
	credential: Pick<SessionCredential, 'kind'>,
	signal?: AbortSignal,
): Promise<boolean> {
	if (!mayEndSession(answer, credential)) return false;
	if (answer.status !== 401 || isOwnRefusal(answer.body)) return true;
	const { baseUrl: url } = connection.address;
	const shown = platformSend(connection, { method: 'GET', url, signal });
	return await shown.then(
		(described) => serviceDescription(described) !== undefined,
		() => false,
	);
}

const CABINETS = 'FileCabinets';

/** Resources that need a session where the server does not list them to everybody, the cheapest first. */
const PROOFS = ['Organizations', 'Organization', CABINETS];

/** Which resource proves a session at a server. */
interface SessionProof {
	/** It was seen to be refused without a session; null where the server lists everything to everybody. */
	path: string | null;
	askedAt: number;
}

const SESSION_PROOFS: FactKind<SessionProof> = {
	...factScopes('docuware session proof'),
	memory: () => processState('docuWareSessionProofs1', () => new Map<string, SessionProof>()),
	ask: askForProof,
};

/**
 * A resource that a server has refused to who has no session: only its 2xx proves one. Whether
 * `GET Organizations`, which falls under no limit, is such a one is not known (docs/facts/docuware.md 2.2).
 *
 * @returns undefined where the server does not tell, or refuses nothing.
 */
export async function sessionProofOf(
	vault: Vault,
	connection: ServerConnection,
): Promise<string | undefined> {
	// A fact about the server, whatever its Identity Service.
	const server = { ...connection, identityServiceUrl: undefined };
	const { baseUrl } = connection.address;
	const flight = ['session proof', vault.vaultId, baseUrl, ...permissionsOf(server)].join('|');
	const proof = singleFlight(flight, async () => await agedFact(SESSION_PROOFS, vault, server));
	return (await proof.catch(() => undefined))?.path ?? undefined;
}

/**
 * That nothing proves a session is certain only where the cabinets themselves were listed to nobody in particular:
 * a proxy says 404 or shows a page of maintenance while the server restarts, just when sessions die. A resource
 * that has proved sessions once gives way to another one only.
 */
async function askForProof(
	connection: ServerConnection,
	known: SessionProof | undefined,
	vault: Vault,
): Promise<ServerAnswer<SessionProof>> {
	const said = (path: string | null, isCertain: boolean) => ({
		facts: { path, askedAt: Date.now() },
		isCertain,
	});
	let isListed = false;
	for (const path of PROOFS) {
		if (!(await isItsTurn(vault, connection, path))) return said(null, false);
		const answer = await platformSend(connection, { method: 'GET', url: urlOf(connection, path) });
		if (mayEndSession(answer, { kind: 'bearer' })) {
			const isRefused = await isSessionOver(connection, answer, { kind: 'bearer' });
			return said(isRefused ? path : null, isRefused);
		}
		if (!isTaken(answer) && answer.status !== 404) return said(null, false);
		isListed = isTaken(answer) && isList(parseObject(answer.body)?.FileCabinet);
	}
	return said(null, isListed && typeof known?.path !== 'string');
}

/** The list of file cabinets is limited; where its turn has not come, the server is not asked. */
async function isItsTurn(
	vault: Vault,
	{ address }: ServerConnection,
	path: string,
): Promise<boolean> {
	return path !== CABINETS || (await takeTurn(vault, 'cabinetLists', address.baseUrl)) === 0;
}

function urlOf({ address }: ServerConnection, path: string): string {
	return `${address.baseUrl}/${path}`;
}

/**
 * Asks the server with a cheap GET that needs a session whether a session still lives.
 *
 * @returns `unknown` where the server gave no answer that tells.
 */
export async function probeSession(
	vault: Vault,
	connection: ServerConnection,
	credential: PresentedCredential,
	signal?: AbortSignal,
): Promise<'alive' | 'dead' | 'unknown'> {
	const proof = released(sessionProofOf(vault, connection), signal);
	const path = await proof.catch(() => undefined);
	if (path === undefined || !(await isItsTurn(vault, connection, path))) return 'unknown';
	const url = urlOf(connection, path);
	const answer = await platformSend(connection, {
		method: 'GET',
		url,
		headers: authHeaders(credential, url),
		signal,
	}).catch(() => undefined);
	if (answer === undefined) return 'unknown';
	if (await isSessionOver(connection, answer, credential, signal)) return 'dead';
	// Who lacks a right is known all the same.
	const isKnown =
		answer.status === 403 ? isOwnRefusal(answer.body) : isTaken(answer) && isProof(answer.body);
	return isKnown ? 'alive' : 'unknown';
}

/** Whether a body is that of one of the resources that prove a session; any other JSON may be a proxy's. */
function isProof(body: string): boolean {
	const { Organization, FileCabinet, Id, Name } = parseObject(body) ?? {};
	return isList(Organization) || isList(FileCabinet) || (isText(Id) && isText(Name));
}

function isList(value: unknown): boolean {
	return Array.isArray(value) && value.every(isRecord);
}

function isText(value: unknown): boolean {
	return typeof value === 'string' || typeof value === 'number';
}

/** Whether an answer is what was asked for. A page is the answer of a server, or a proxy, that looks at no session. */
export function isTaken({
	status,
	headers,
	body,
}: Pick<HttpResponse<unknown>, 'status' | 'headers' | 'body'>): boolean {
	if (status < 200 || status >= 300 || isPage(headers)) return false;
	return typeof body !== 'string' || !isWebPage(headers, body);
}
