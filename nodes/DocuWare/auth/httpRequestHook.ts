import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IHttpRequestOptions,
} from 'n8n-workflow';

import { processState } from '../../shared/processState';
import { thisHolder } from '../../shared/vault/holder';
import { openVault } from '../../shared/vault/openVault';
import { watchIdleSession } from './idleLogOff';
import type { LiveSession } from './liveSession';
import { authHeaders } from './liveSession';
import { accountOf } from './nodeSession';
import { forUser } from './preAuthenticationHook';
import { platformUrl } from './serverAddress';
import { SessionKeeper } from './sessionKeeper';
import type { OpeningRequest } from './openingTypes';
import { probeSession } from './sessionProbe';
import { USE_MARK_MS, openUse, releaseUse } from './sessionUses';

/** The credential types that n8n's HTTP Request node uses through these two functions. */
type HookedType = 'docuWareApi' | 'docuWareTokenApi';

/** Name of the hidden, expirable field: it holds the generation of the session, nothing else. */
export const GENERATION_FIELD = 'sessionGeneration';

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
	return await asUserError(async () => {
		const keeper = await keeperOf(type, credential);
		const { account } = keeper;
		const url = addressOf(options);
		const target = url === undefined ? undefined : platformUrl(account.address, url);
		if (target === undefined) return options;
		const session = await obtain(keeper, {});
		notes().set(credential, { session });
		return withHeaders(
			account.ignoreSslIssues ? { ...options, skipSslCertificateValidation: true } : options,
			authHeaders(session.credential, target),
		);
	});
}

/**
 * What n8n calls where the generation field is empty, and after **any** error of a request, which it
 * then sends again if the field comes back (facts/n8n.md): so after an error nothing comes back
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
		const session = await asUserError(
			async () => await obtain(await keeperOf(type, credential), {}),
		);
		notes().delete(credential);
		return { [GENERATION_FIELD]: String(session.generation) };
	}
	return await asUserError(async () => {
		const keeper = await keeperOf(type, credential);
		const found = await probeSession(keeper.account, note.session.credential);
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
	return await SessionKeeper.create(await openVault(), accountOf(type, credential));
}

/** Nobody tells when the request ends, so the use is marked for a while from its start. */
async function obtain(keeper: SessionKeeper, request: OpeningRequest): Promise<LiveSession> {
	const { vault, recordId, account } = keeper;
	const use = openUse(vault, recordId, `http:${thisHolder().uuid}`);
	const remainingMs = Math.max(USE_MARK_MS, account.idleMs);
	try {
		return await keeper.obtain(use, request);
	} finally {
		await releaseUse(use, remainingMs).catch(() => false);
		if (account.policy === 'logOffWhenIdle') {
			watchIdleSession(vault, account, recordId, remainingMs);
		}
	}
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
	const headers: IDataObject = { ...options.headers };
	for (const [name, value] of Object.entries(added)) {
		const present = Object.keys(headers).find((key) => key.toLowerCase() === name.toLowerCase());
		const own = present === undefined ? undefined : headers[present];
		if (present !== undefined) delete headers[present];
		const isCookie = name === 'Cookie' && typeof own === 'string' && own !== '';
		headers[name] = isCookie ? `${own}; ${value}` : value;
	}
	return { ...options, headers };
}

async function asUserError<T>(work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (error) {
		throw forUser(error);
	}
}
