import { setTimeout as delay } from 'node:timers/promises';

import { ConnectorError, passOn } from '../../shared/errors';
import type { HttpResponse } from '../../shared/http';
import { isHttpTransportError, send, serviceText } from '../../shared/http';
import type { Identity, TokenClient } from '../../shared/tokenChain/types';

const REQUEST_LIMIT_MS = 30_000;
const PAUSES_MS = [500, 2_000];
const PASSING_STATUS = new Set([408, 429, 502, 503, 504]);

/**
 * Asks Exact Online whose access token this is: `UserID` of `current/Me`, which needs no division
 * and is not counted in the daily limit (facts/exact-online.md 2.1).
 *
 * @returns `unauthorized` where the token was refused.
 * @throws ConnectorError EXACT_IDENTITY_UNAVAILABLE (retryable) where no answer is to be had.
 */
export async function whoAmI(
	client: TokenClient,
	accessToken: string,
): Promise<Identity | 'unauthorized'> {
	let query = '?$select=UserID,UserName,FullName';
	for (let tries = 0; ; tries += 1) {
		const pause = PAUSES_MS[tries];
		const outcome = await ask(client, accessToken, query);
		if (outcome instanceof ConnectorError) {
			if (pause === undefined || !outcome.retryable) throw outcome;
		} else if (outcome.status === 400 && query !== '') {
			// A stand-in, or Exact one day, may not take $select here; without it the answer is longer.
			query = '';
			continue;
		} else if (outcome.status === 401) {
			return 'unauthorized';
		} else if (!PASSING_STATUS.has(outcome.status) || pause === undefined) {
			return readIdentity(outcome, accessToken);
		}
		await delay(pause);
	}
}

async function ask(
	client: TokenClient,
	accessToken: string,
	query: string,
): Promise<HttpResponse | ConnectorError> {
	try {
		return await send({
			method: 'GET',
			url: `${client.host}/api/v1/current/Me${query}`,
			headers: { Accept: 'application/json', Authorization: `Bearer ${accessToken}` },
			timeoutMs: REQUEST_LIMIT_MS,
			ignoreSslIssues: client.ignoreSslIssues,
			allowHttp: client.allowHttp,
		});
	} catch (error) {
		if (!isHttpTransportError(error)) passOn(error);
		return unavailable(error.message, error.repair, { retryable: error.retryable });
	}
}

function readIdentity(answer: HttpResponse, accessToken: string): Identity {
	if (answer.status === 200) {
		const me = firstResult(answer.body);
		if (typeof me?.UserID === 'string' && me.UserID !== '') {
			const name = me.UserName ?? me.FullName;
			return {
				userId: me.UserID.toLowerCase(),
				userName: typeof name === 'string' ? name : null,
			};
		}
	}
	const words = serviceText(answer.headers.reason ?? answer.body, [accessToken]);
	throw unavailable(
		`Exact Online did not say whose authorization this is (HTTP ${answer.status}${words ? `: ${words}` : ''}).`,
		'Run again. If this repeats, check that the region of the credential is the one the app was registered in, and that the Exact user is active.',
		{ httpStatus: answer.status },
	);
}

/** `current/Me` answers `{d:{results:[…]}}`; an array or a single object is tolerated (facts 4.1). */
function firstResult(body: string): Record<string, unknown> | undefined {
	try {
		const { d } = JSON.parse(body) as { d?: unknown };
		const results =
			typeof d === 'object' && d !== null && 'results' in d ? (d.results as unknown) : d;
		const first: unknown = Array.isArray(results) ? results[0] : results;
		return typeof first === 'object' && first !== null
			? (first as Record<string, unknown>)
			: undefined;
	} catch {
		return undefined;
	}
}

function unavailable(
	message: string,
	repair: string,
	facts: { httpStatus?: number; retryable?: boolean },
): ConnectorError {
	return new ConnectorError('EXACT_IDENTITY_UNAVAILABLE', message, {
		repair,
		retryable: true,
		...facts,
	});
}
