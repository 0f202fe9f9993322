import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';

import { passOn } from '../../../shared/errors';
import type { HttpBodyTypes, HttpResponse, HttpResponseType } from '../../../shared/http';
import {
	gateRequests,
	isHttpTransportError,
	isReplayable,
	openBody,
	readUpTo,
	REFUSAL_BYTES,
	retryAfterMs,
	send,
} from '../../../shared/http';
import {
	docuWareError,
	sessionEnded,
	throttled,
	tooManyLists,
} from '../../platform/docuWareErrors';
import { saysLicenceExpired } from '../../platform/licenceExpiry';
import { noLicence } from '../../platform/missingLicence';
import {
	foreignLogIn,
	isLicenceRefusal,
	leadsToLogin,
	platformMessage,
} from '../../platform/platformAnswers';
import { COMMON_HEADERS } from '../../platform/platformRequest';
import { platformUrl } from '../../platform/serverAddress';
import { licencePause, throttlePause } from '../../platform/throttle';
import { authHeaders } from '../wire/sessionCredential';
import { takeTurn, waitForTurn } from '../wire/minuteTurns';
import { probeSession } from '../wire/sessionProbe';
import type { RequestCredential, SessionRules, SessionSource } from './sessionSource';
import type { DocuWareRequest } from './sessionTypes';

/** New sessions that one request may cost; one that is refused at once shows that more would not help. */
const MAX_NEW = 1;

/** Sessions that one request tries which others had opened before it was refused: each may have ended since. */
const MAX_FOUND = 3;

/** So often one request is held back because its token has ended before the connection stood. */
const MAX_HELD_BACK = 2;

/**
 * Sends one request with a session and deals with what a session can meet; see
 * `DocuWareSession.request`.
 */
export async function sendWithSession<R extends HttpResponseType>(
	source: SessionSource,
	request: DocuWareRequest<R>,
): Promise<HttpResponse<HttpBodyTypes[R]>> {
	const url = platformUrl(source.rules.address, request.url);
	if (url === undefined) throw foreignHost(source.rules, request.url);
	return await new SessionRequest(source, request, url).run();
}

class SessionRequest<R extends HttpResponseType> {
	private readonly startedAt = performance.now();

	private newSessions = 0;

	private foundSessions = 0;

	private throttles = 0;

	private heldBack = 0;

	private readonly rules: SessionRules;

	constructor(
		private readonly source: SessionSource,
		private readonly request: DocuWareRequest<R>,
		private readonly url: string,
	) {
		this.rules = source.rules;
	}

	async run(): Promise<HttpResponse<HttpBodyTypes[R]>> {
		const { signal, waits } = this.request;
		let used = await this.source.obtain(signal, waits);
		for (;;) {
			await this.turn();
			const answer = await this.exchange(used);
			if (answer === 'heldBack') {
				used = await this.source.obtain(signal, waits);
				continue;
			}
			await this.source.absorb(used, answer);
			if (answer.status === 429) {
				discard(answer.body);
				await this.pauseForLimit(retryAfterMs(answer.headers));
				continue;
			}
			if (!isRefusal(answer)) return answer;
			const { text, kept } = await readRefusal(answer);
			if (answer.status === 401 && isLicenceRefusal(text)) {
				await this.pauseForLicence(platformMessage(text));
				continue;
			}
			const told = { ...answer, body: text };
			if (saysLicenceExpired(told) || foreignLogIn(told) !== undefined) return kept;
			if (this.newSessions === MAX_NEW || this.foundSessions === MAX_FOUND) {
				if (await this.isAlive(used)) return kept;
				throw this.refusedAgain();
			}
			const next = await this.source.replace(used, signal, waits);
			if (isSame(next, used)) return kept;
			this.throwIfNotRepeatable();
			if (next.isNew) this.newSessions += 1;
			else this.foundSessions += 1;
			used = next;
		}
	}

	/** The list of file cabinets is limited (docs/facts/docuware.md 8.4). */
	private async turn(): Promise<void> {
		const { request, rules, source, url } = this;
		const { baseUrl } = rules.address;
		const listsCabinets = request.listsCabinets === true || isCabinetList(baseUrl, url);
		if (request.method.toUpperCase() !== 'GET' || !listsCabinets) return;
		if (this.mayWait()) {
			return await waitForTurn(source.vault, 'cabinetLists', baseUrl, request.signal);
		}
		const waitMs = await takeTurn(source.vault, 'cabinetLists', baseUrl);
		if (waitMs > 0) throw tooManyLists(baseUrl, waitMs);
	}

	/** A process that stands still may have outlived its token by the time the connection stands. */
	private async exchange(
		used: RequestCredential,
	): Promise<HttpResponse<HttpBodyTypes[R]> | 'heldBack'> {
		const mayLeave = () => !this.isRepeatable() || performance.now() < used.validUntil;
		try {
			return await gateRequests(mayLeave, async () => await this.send(used));
		} catch (failure) {
			const isHeldBack = isHttpTransportError(failure) && failure.code === 'HTTP_HELD_BACK';
			// Nothing has left, so the next token may be tried at once, for a write too.
			if (isHeldBack && this.heldBack++ < MAX_HELD_BACK) return 'heldBack';
			passOn(failure);
		}
	}

	private async send({ credential }: RequestCredential): Promise<HttpResponse<HttpBodyTypes[R]>> {
		const { request, rules, url } = this;
		const body = await openBody(request.body);
		return await send<R>({
			method: request.method,
			url,
			headers: {
				...COMMON_HEADERS,
				...request.headers,
				...authHeaders(credential, url),
			},
			...(body === undefined ? {} : { body }),
			...(request.responseType === undefined ? {} : { responseType: request.responseType }),
			...(request.timeoutMs === undefined ? {} : { timeoutMs: request.timeoutMs }),
			...(request.maxResponseBytes === undefined
				? {}
				: { maxResponseBytes: request.maxResponseBytes }),
			...(request.signal === undefined ? {} : { signal: request.signal }),
			ignoreSslIssues: rules.ignoreSslIssues,
			allowHttp: rules.allowHttp,
		});
	}

	/** Whether the server takes the credential elsewhere, so that a refusal is about the request. */
	private async isAlive({ credential }: RequestCredential): Promise<boolean> {
		return (await probeSession(this.source.vault, this.rules, credential)) !== 'dead';
	}

	/**
	 * 429: the server has not carried the request out (docs/facts/docuware.md 8.4), so it is sent
	 * again.
	 */
	private async pauseForLimit(asked: number | null): Promise<void> {
		const pause = throttlePause(this.throttles, asked);
		this.throttles += 1;
		if (pause === undefined || !this.mayWait()) {
			throw throttled(this.rules.address.baseUrl, asked);
		}
		await this.pause(pause);
	}

	private async pauseForLicence(detail: string): Promise<void> {
		const limit = this.rules.licenceWaitMs;
		const waited = performance.now() - this.startedAt;
		if (waited >= limit || !this.mayWait()) {
			throw noLicence(this.rules.label, {
				logsOffWhenIdle: this.rules.policy === 'logOffWhenIdle',
				waitLimitMs: this.isRepeatable() ? limit : null,
				waitedMs: waited,
				detail,
			});
		}
		await this.pause(Math.min(licencePause(limit), limit - waited + 1));
	}

	private async pause(ms: number): Promise<void> {
		const { signal } = this.request;
		await delay(Math.max(ms, 1), undefined, signal ? { signal } : {});
	}

	private mayWait(): boolean {
		return this.request.waits !== false && this.isRepeatable();
	}

	private isRepeatable(): boolean {
		return isReplayable(this.request.body);
	}

	private throwIfNotRepeatable(): void {
		if (this.isRepeatable()) return;
		throw sessionEnded(
			this.rules.label,
			'and what this request sends can be read only once, so it was not sent again; DocuWare has not carried it out',
		);
	}

	private refusedAgain(): Error {
		return docuWareError(
			'DOCUWARE_SESSION_REFUSED',
			`DocuWare refuses every new session as soon as it is used: ${this.rules.label}, with HTTP 401.`,
			'Check in DocuWare that the user is active and may use the Platform service, that no ' +
				'other program ends its sessions, and that no proxy takes cookies or the ' +
				'Authorization header away.',
			{
				listRepair:
					'See in DocuWare that the user is active and may use the Platform service, and that no other program ends its ' +
					'sessions.',
				httpStatus: 401,
			},
		);
	}
}

/** Whether nothing else came in its place: generations of two records, or pairs of tokens, cannot be compared. */
function isSame(next: RequestCredential, used: RequestCredential): boolean {
	if (next.recordId !== used.recordId || next.generation !== used.generation) return false;
	const [now, before] = [next.credential, used.credential];
	if (now.kind !== 'bearer' || before.kind !== 'bearer') return true;
	return now.accessToken === before.accessToken;
}

function isRefusal(answer: HttpResponse<unknown>): boolean {
	return answer.status === 401 || answer.status === 410 || leadsToLogin(answer);
}

/** The text of a refusal, and the answer with its body still readable; of a stream the start. */
async function readRefusal<B>(
	answer: HttpResponse<B>,
): Promise<{ text: string; kept: HttpResponse<B> }> {
	const { body } = answer;
	if (typeof body === 'string') return { text: body, kept: answer };
	if (Buffer.isBuffer(body)) return { text: body.toString('utf8'), kept: answer };
	if (!(body instanceof Readable)) return { text: '', kept: answer };
	const { bytes } = await readUpTo(body, REFUSAL_BYTES).catch(() => ({ bytes: Buffer.alloc(0) }));
	return {
		text: bytes.toString('utf8'),
		kept: { ...answer, body: Readable.from([bytes]) as B },
	};
}

/** Whoever writes the address has no mark for it, as in a Custom API Call. */
function isCabinetList(baseUrl: string, url: string): boolean {
	// Nearly all requests go elsewhere, which is seen without taking addresses apart.
	if (!/\/filecabinets\/*(?:[?#]|$)/i.test(url)) return false;
	const list = `${new URL(baseUrl).pathname}/FileCabinets`.toLowerCase();
	return new URL(url).pathname.toLowerCase().replace(/\/+$/, '') === list;
}

function discard(body: unknown): void {
	if (body instanceof Readable) body.destroy();
}

function foreignHost(rules: SessionRules, url: string): Error {
	const shown = URL.canParse(url) ? new URL(url).origin : 'this address';
	return docuWareError(
		'DOCUWARE_FOREIGN_HOST',
		`A session is sent to its own server alone: that of ${rules.label} to ${rules.address.origin}, and not to ${shown}.`,
		'Use an address on the DocuWare server of the credential.',
	);
}
