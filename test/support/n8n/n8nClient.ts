import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

const NOT_READY_PAUSE_MS = 200;

/** How n8n answers before its database is there, and to a second owner's set-up. */
const NOT_READY = 503;
const HAS_OWNER = 400;

/** The account that the tests and the demo use; n8n wants a digit and a capital letter. */
export interface OwnerAccount {
	email: string;
	password: string;
	firstName: string;
	lastName: string;
}

export const testOwner: OwnerAccount = {
	email: 'owner@example.com',
	password: 'OwnerOfTheTests1',
	firstName: 'Test',
	lastName: 'Owner',
};

/** n8n answered with an error status. */
export class N8nRequestError extends Error {
	constructor(
		readonly method: string,
		readonly path: string,
		readonly status: number,
		/** What n8n sent: parsed JSON, or text. */
		readonly body: unknown,
	) {
		super(`${method} ${path} was answered ${status}: ${JSON.stringify(body)}`);
		this.name = 'N8nRequestError';
	}
}

export interface RequestOptions {
	query?: Record<string, string>;
	body?: unknown;
	headers?: Record<string, string>;
}

/**
 * A browser session with n8n's internal REST API: keeps the login cookie and sends the browser id that
 * n8n 2 binds the cookie to.
 */
export class N8nClient {
	private readonly cookies = new Map<string, string>();

	private readonly browserId = randomUUID();

	/** @param baseUrl address of the editor without slash at its end */
	constructor(readonly baseUrl: string) {}

	/** Creates the owner account of a fresh n8n and is logged in as that owner. */
	async setUpOwner(owner: OwnerAccount = testOwner): Promise<void> {
		await this.request('POST', '/rest/owner/setup', { body: owner });
	}

	/** Logs in to an n8n that has an owner already. */
	async logIn({ email, password }: Pick<OwnerAccount, 'email' | 'password'> = testOwner) {
		await this.request('POST', '/rest/login', { body: { emailOrLdapLoginId: email, password } });
	}

	/**
	 * Creates the owner account; logs in where there is one already. Which it is n8n tells in advance only where it has
	 * an editor.
	 */
	async setUpOwnerOrLogIn(owner: OwnerAccount = testOwner): Promise<void> {
		try {
			await onceReady(async () => await this.setUpOwner(owner));
		} catch (error) {
			if (!isAnswer(error, HAS_OWNER)) throw error;
			await onceReady(async () => await this.logIn(owner));
		}
	}

	/**
	 * Sends a request and returns what stands in `data` of the answer (n8n wraps its REST answers), or
	 * the whole answer where nothing is wrapped.
	 *
	 * @throws {N8nRequestError} if the status is 400 or above
	 */
	async request(method: string, path: string, options: RequestOptions = {}): Promise<unknown> {
		const response = await this.send(method, path, options);
		const text = await response.text();
		const body = parseJsonOrText(text);
		if (response.status >= 400) throw new N8nRequestError(method, path, response.status, body);
		return isObject(body) && 'data' in body ? body.data : body;
	}

	/** Sends a request as this session; the answer as it comes, redirects not followed. */
	async send(method: string, path: string, options: RequestOptions = {}): Promise<Response> {
		const url = new URL(path, this.baseUrl);
		for (const [name, value] of Object.entries(options.query ?? {})) {
			url.searchParams.set(name, value);
		}
		const request: RequestInit = {
			method,
			redirect: 'manual',
			headers: {
				'browser-id': this.browserId,
				...(this.cookies.size === 0 ? {} : { cookie: this.cookieHeader() }),
				...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
				...options.headers,
			},
			...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
		};
		const response = await fetch(url, request).catch(async (error: unknown) => {
			if (!wasClosedMeanwhile(error)) throw error;
			return await fetch(url, request);
		});
		this.keepCookies(response);
		return response;
	}

	/** Value of the `Cookie` header, for a browser that is to share this session. */
	cookieHeader(): string {
		return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
	}

	private keepCookies(response: Response): void {
		for (const cookie of response.headers.getSetCookie()) {
			const [pair = ''] = cookie.split(';');
			const separator = pair.indexOf('=');
			this.cookies.set(pair.slice(0, separator), pair.slice(separator + 1));
		}
	}
}

/** On a busy machine n8n is accessible before its database has answered it in time: 503 until then. */
async function onceReady(send: () => Promise<void>): Promise<void> {
	for (;;) {
		try {
			return await send();
		} catch (error) {
			if (!isAnswer(error, NOT_READY)) throw error;
			await delay(NOT_READY_PAUSE_MS);
		}
	}
}

function isAnswer(error: unknown, status: number): boolean {
	return error instanceof N8nRequestError && error.status === status;
}

/** n8n closes a connection that was idle for five seconds; a busy machine learns of it when it sends the next request. */
function wasClosedMeanwhile(error: unknown): boolean {
	// Errors of fetch are not of the class that tests know as Error.
	return (error as { cause?: { message?: unknown } }).cause?.message === 'other side closed';
}

function parseJsonOrText(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
