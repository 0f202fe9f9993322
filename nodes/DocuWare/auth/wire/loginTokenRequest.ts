import { setTimeout as delay } from 'node:timers/promises';

import { underAdvanced } from '../../../shared/errorText';
import type { HttpResponse } from '../../../shared/http';
import { parseObject, retryAfterMs } from '../../../shared/http';
import { itemLock, putItem, readItem } from '../../../shared/vault/rows/items';
import { itemScope } from '../../../shared/vault/rows/itemScopes';
import type { Vault } from '../../../shared/vault/vault';
import { docuWareError } from '../../platform/docuWareErrors';
import { firstOrganizationIn, linksOf, platformMessage } from '../../platform/platformAnswers';
import { platformSend } from '../../platform/platformRequest';
import type { ServerAddress, ServerConnection } from '../../platform/serverAddress';
import { platformUrl } from '../../platform/serverAddress';
import { throttlePause } from '../../platform/throttle';
import type { SessionPolicy } from '../account/sessionAccount';
import type { SessionCredential } from './sessionCredential';
import { authHeaders } from './sessionCredential';

/** How the session sends a request: path or address, with the session's own headers added. */
export type SessionSender = (request: {
	method: string;
	url: string;
	headers?: Record<string, string>;
	body?: string;
}) => Promise<HttpResponse>;

/** Sends with the headers of a session that somebody holds the lease of. */
export function senderWith(
	connection: ServerConnection,
	credential: SessionCredential,
): SessionSender {
	return async (request) =>
		await platformSend(connection, {
			...request,
			headers: { ...request.headers, ...authHeaders(credential, request.url) },
		});
}

/** As it, but waits where the server limits the number of requests, as long as that makes sense. */
export function patientSender(send: SessionSender, signal?: AbortSignal): SessionSender {
	return async (request) => {
		for (let throttles = 0; ; throttles += 1) {
			const answer = await send(request);
			if (answer.status !== 429) return answer;
			const pause = throttlePause(throttles, retryAfterMs(answer.headers));
			if (pause === undefined) return answer;
			await delay(pause, undefined, signal ? { signal } : {});
		}
	};
}

/** What a login token is asked for with, checked. */
export interface LoginTokenDescription {
	usage: 'Single' | 'Multi';
	lifetime: string;
	targetProducts: string[];
}

/** Where a token is asked for, and for a credential of which policy, where that is known. */
export interface TokenServer extends Pick<ServerConnection, 'address'> {
	policy?: SessionPolicy;
}

const SCOPE = itemScope('docuware login token path', 90 * 86_400_000);

/**
 * Names of the ways in which a token can be asked for, in the order of docs/facts/docuware.md 4.1.
 */
const VARIANTS = ['organization', 'organizationById', 'organizations', 'link'] as const;

type Variant = (typeof VARIANTS)[number];

/** What a server answers that does not know a path. */
const NOT_HERE = new Set([404, 405]);

/**
 * Asks for a login token, by the path that this server is known to serve, else by all of them in
 * turn (docs/facts/docuware.md 4.1).
 *
 * @returns the token, or the answer where the server refused.
 * @throws ConnectorError DOCUWARE_LOGIN_TOKEN_FAILED where no path is served or no token came.
 */
export async function requestLoginToken(
	vault: Vault,
	{ address, policy }: TokenServer,
	description: LoginTokenDescription,
	send: SessionSender,
): Promise<{ token: string } | { refused: HttpResponse }> {
	const remembered = await vault.read(() => readItem(SCOPE, address.baseUrl));
	const first = VARIANTS.find((variant) => variant === remembered?.value);
	const order = first ? [first, ...VARIANTS.filter((variant) => variant !== first)] : VARIANTS;
	for (const variant of order) {
		const url = await urlOf(variant, address, send);
		if (url === undefined) continue;
		const answer = await send({
			method: 'POST',
			url,
			headers: {
				'Content-Type': 'application/json',
				Accept: 'text/plain, application/json;q=0.5',
			},
			body: JSON.stringify({
				TargetProducts: description.targetProducts,
				Usage: description.usage,
				Lifetime: description.lifetime,
			}),
		});
		if (NOT_HERE.has(answer.status)) continue;
		if (answer.status !== 200) return { refused: answer };
		const token = readLoginToken(answer.body);
		if (token === undefined) {
			throw failed('sent an answer that holds no login token', 200, NOT_DOCUWARE);
		}
		if (variant !== first) {
			const lock = itemLock(SCOPE, address.baseUrl);
			await vault.write(() => putItem(SCOPE, address.baseUrl, variant), { lock });
		}
		return { token };
	}
	throw failed('serves none of the known paths for login tokens', 404, withoutTokens(policy));
}

async function urlOf(
	variant: Variant,
	address: ServerAddress,
	send: SessionSender,
): Promise<string | undefined> {
	switch (variant) {
		case 'organization':
			return `${address.baseUrl}/Organization/LoginToken`;
		case 'organizations':
			return `${address.baseUrl}/Organizations/LoginToken`;
		case 'organizationById': {
			const id = (await firstOrganization(address, send))?.Id;
			return typeof id === 'string' || typeof id === 'number'
				? `${address.baseUrl}/Organizations/${encodeURIComponent(String(id))}/LoginToken`
				: undefined;
		}
		case 'link': {
			const href = linksOf(await firstOrganization(address, send)).get('logintoken');
			return href === undefined ? undefined : platformUrl(address, href);
		}
	}
}

async function firstOrganization(
	address: ServerAddress,
	send: SessionSender,
): Promise<Record<string, unknown> | undefined> {
	const answer = await send({ method: 'GET', url: `${address.baseUrl}/Organizations` });
	return firstOrganizationIn(answer.body);
}

/**
 * The token in an answer: plain, quoted, padded, in braces, or as `{"Token": …}`
 * (docs/facts/docuware.md 4.3).
 */
export function readLoginToken(body: string): string | undefined {
	const text = body.trim();
	const named = parseObject(text);
	const inner = named?.Token ?? named?.token;
	const bare =
		typeof inner === 'string'
			? inner.trim()
			: text
					.replace(/^"([\s\S]*)"$/, '$1')
					.trim()
					.replace(/^\{([\s\S]*)\}$/, '$1')
					.trim();
	return bare !== '' && !/[\s<>"{}]/.test(bare) ? bare : undefined;
}

const TERMS =
	'Check the lifetime and the target products of the token, and that the user may use the Platform service.';

const LATER = 'Run again in a minute; if this repeats, ask whoever runs the DocuWare server.';

const NOT_DOCUWARE = 'Check that no proxy answers in place of DocuWare.';

/** Who keeps the session anyway, or has no such choice, is not told to. */
function withoutTokens(policy: SessionPolicy | undefined): string {
	const advice =
		'Do without login tokens at this server: run Log Off with "Create Login Token First" switched off';
	if (policy !== 'logOffWhenIdle') return `${advice}.`;
	const choice = underAdvanced('Session Policy Keep in the credential');
	return `${advice}, or keep the session: choose ${choice}.`;
}

/** The refusal of a login token as an error. */
export function loginTokenRefused(answer: HttpResponse): Error {
	const words = platformMessage(answer.body);
	const { status } = answer;
	return failed(
		`refused to make a login token: HTTP ${status}${words === '' ? '' : `, ${words}`}`,
		status,
		status >= 500 || status === 429 ? LATER : TERMS,
	);
}

function failed(what: string, httpStatus: number, repair: string): Error {
	return docuWareError('DOCUWARE_LOGIN_TOKEN_FAILED', `The DocuWare server ${what}.`, repair, {
		httpStatus,
		retryable: httpStatus >= 500,
	});
}
