import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IHttpRequestOptions,
} from 'n8n-workflow';

import { readTargetUrl, userAgent } from '../../shared/http';
import { asHook } from '../../shared/node/hookErrors';
import { processState } from '../../shared/process/processState';
import { openVault } from '../../shared/vault/place/openVault';
import type { LiveSession } from './record/openSession';
import { accountOf } from './nodeSession';
import { platformUrl } from '../platform/serverAddress';
import { SessionKeeper } from './lifecycle/sessionKeeper';
import type { OpeningRequest } from './lifecycle/opening/openingTypes';
import { probeSession } from './wire/sessionProbe';
import { USE_MARK_MS, httpUseId, openUse } from './record/sessionUses';
import { authHeaders } from './wire/sessionCredential';

/** The credential types that n8n's HTTP Request node uses through these two functions. */
type HookedType = 'docuWareApi' | 'docuWareTokenApi';

/** Name of the hidden, expirable field: it holds the generation of the session, nothing else. */
export const GENERATION_FIELD = 'sessionGeneration';

/** The cookies that make a session, in lower case (docs/facts/docuware.md 2.1). */
const SESSION_COOKIES = ['.dwplatformauth', 'dwplatformbrowserid'];

/** What the last request with a credential went out with. */
type RequestNote = { session: LiveSession } | 'nothing';

/**
 * n8n passes one credential object through `authenticate` and, after an error, through
 * `preAuthentication`; what is noted for it tells the second what the first did.
 */
function notes(): WeakMap<object, RequestNote> {
	return processState('docuWareRequests1', () => new WeakMap<object, RequestNote>());
}

/**
 * Adds cookie or bearer to a request of any node, for the credential's own origin only; a request to
 * another host goes out as it is.
 * @throws UserError whose description is the repair.
 */
export async function authenticateRequest(
	type: HookedType,
	credential: ICredentialDataDecryptedObject,
	options: IHttpRequestOptions,
): Promise<IHttpRequestOptions> {
	notes().set(credential, 'nothing');
	return await asHook(async () => {
		const keeper = await keeperOf(type, credential);
		const { account } = keeper;
		const url = addressOf(options);
		const target = url === undefined ? undefined : platformUrl(account.address, url);
		if (target === undefined) return options;
		// n8n sends the session without asking whether the way is encrypted.
		readTargetUrl(target, account.allowHttp);
		const session = await obtain(keeper, {});
		notes().set(credential, { session });
		return withHeaders(
			account.ignoreSslIssues ? { ...options, skipSslCertificateValidation: true } : options,
			// A server may bind a session to the User-Agent that began it (docs/facts/docuware.md 2.2).
			{ 'User-Agent': userAgent(), ...authHeaders(session.credential, target) },
		);
	});
}

/**
 * What n8n calls where the generation field is empty, and after **any** error of a request, which it
 * then sends again if the field comes back
 * (docs/facts/n8n.md, "Credentials that are no OAuth2 ones"): so after an error nothing comes back
 * unless the server itself says that the session of that very request is dead.
 * @throws UserError whose description is the repair.
 */
export async function preAuthenticate(
	type: HookedType,
	credential: ICredentialDataDecryptedObject,
): Promise<IDataObject> {
	const note = notes().get(credential);
	if (note === 'nothing') return {};
	if (note === undefined) {
		if ((credential[GENERATION_FIELD] ?? '') !== '') return {};
		// Should this fail, n8n calls again; it has nothing new to say then.
		notes().set(credential, 'nothing');
		const session = await asHook(async () => await obtain(await keeperOf(type, credential), {}));
		notes().delete(credential);
		return { [GENERATION_FIELD]: String(session.generation) };
	}
	return await asHook(async () => {
		const keeper = await keeperOf(type, credential);
		const found = await probeSession(keeper.vault, keeper.account, note.session.credential);
		if (found !== 'dead') return {};
		const next = await obtain(keeper, { deadGeneration: note.session.generation });
		return next.generation === note.session.generation
			? {}
			: { [GENERATION_FIELD]: String(next.generation) };
	});
}

async function keeperOf(
	type: HookedType,
	credential: ICredentialDataDecryptedObject,
): Promise<SessionKeeper> {
	const vault = await openVault();
	const { [GENERATION_FIELD]: _changes, ...fields } = credential;
	const digest = vault.sealer.fingerprint('docuware hook', type, JSON.stringify(fields));
	return await SessionKeeper.create(vault, accountOf(type, credential), null, digest);
}

/** Nobody tells when the request ends, so the use is marked for a while from its start. */
async function obtain(keeper: SessionKeeper, request: OpeningRequest): Promise<LiveSession> {
	const use = openUse(keeper.vault, keeper.recordId, httpUseId());
	let session: LiveSession;
	try {
		session = await keeper.obtain(use, request);
	} finally {
		await keeper.release(use, USE_MARK_MS).catch(() => undefined);
	}
	if (session.recordId === keeper.recordId) return session;
	return await obtain(keeper.at(session.recordId), {});
}

/** n8n's older request options name the address `uri`. */
function addressOf(options: IHttpRequestOptions): string | undefined {
	const { url, baseURL } = options;
	const uri = (options as { uri?: unknown }).uri;
	const path = url || (typeof uri === 'string' ? uri : '');
	if (path === '') return undefined;
	if (/^https?:/i.test(path) || !baseURL) return absolute(path);
	return absolute(`${baseURL.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`);
}

function absolute(url: string): string | undefined {
	return /^https?:\/\//i.test(url) ? url : undefined;
}

function withHeaders(
	options: IHttpRequestOptions,
	added: Record<string, string>,
): IHttpRequestOptions {
	const names = new Set([...Object.keys(added), 'Cookie'].map((name) => name.toLowerCase()));
	const headers: IDataObject = {};
	let own = '';
	for (const [name, value] of Object.entries(options.headers ?? {})) {
		if (!names.has(name.toLowerCase())) headers[name] = value;
		else if (name.toLowerCase() === 'cookie' && typeof value === 'string') own = value;
	}
	const { Cookie: session = '', ...others } = added;
	const cookies = [...cookiesBeside(own, session), session]
		.filter((part) => part !== '')
		.join('; ');
	return { ...options, headers: { ...headers, ...others, ...(cookies && { Cookie: cookies }) } };
}

/**
 * The cookies of a header that belong to no DocuWare session: n8n repeats a request with the headers
 * of the attempt before, and the cookie of a dead session in front of the new one would be the one
 * that counts.
 */
function cookiesBeside(header: string, session: string): string[] {
	const nameOf = (cookie: string) => cookie.split('=')[0]?.trim().toLowerCase() ?? '';
	const names = new Set([...SESSION_COOKIES, ...session.split(';').map(nameOf)]);
	return header
		.split(';')
		.map((cookie) => cookie.trim())
		.filter((cookie) => cookie !== '' && !names.has(nameOf(cookie)));
}
