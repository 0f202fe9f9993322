import type { IDataObject } from 'n8n-workflow';

/** What is used of the response that n8n has of its web server. */
export interface HookResponse {
	status(code: number): unknown;
	json(body: unknown): unknown;
	end(): unknown;
}

/** What the service is answered. */
export interface HookAnswer {
	status: number;
	/** Sent as JSON; nothing if missing. */
	body?: IDataObject;
}

/** What n8n would have answered. */
export interface LateAnswer {
	status: number;
	/** As it was given; undefined where nothing was, or where it was streamed. */
	body?: unknown;
}

/** The response of a delivery, in our hands instead of n8n's. */
export interface TakenResponse {
	/** Answers, once. @returns false where it was answered before; nothing is sent then */
	answer(answer: HookAnswer): boolean;
	/**
	 * Resolves when n8n answers, which then reaches nobody. In the response mode *on received* that is when the
	 * execution has been made (status 200), or when it could not be made (500 or above); in the mode *last node*
	 * when the workflow has ended. n8n before 2.40 answers *on received* a moment before it makes the execution.
	 */
	readonly later: Promise<LateAnswer>;
}

/** Methods of the response that give it headers. */
const HEADERS = [
	'set',
	'header',
	'setHeader',
	'appendHeader',
	'append',
	'removeHeader',
	'type',
	'contentType',
	'flushHeaders',
	'writeHead',
	'cookie',
] as const;

/** Methods that end it. */
const ENDS = ['json', 'jsonp', 'send', 'end', 'render', 'redirect', 'sendFile'] as const;

/**
 * Takes the response of a delivery away from n8n: whatever n8n does with it from now on sends nothing and fails
 * nowhere, and tells what has become of the execution.
 */
export function takeResponse(response: HookResponse): TakenResponse {
	let isAnswered = false;
	let status = 200;
	let told: (late: LateAnswer) => void = () => undefined;
	const later = new Promise<LateAnswer>((resolve) => {
		told = resolve;
	});
	const end = (body?: unknown) => {
		told({ status, ...(body === undefined ? {} : { body }) });
		return response;
	};
	const setStatus = (code: number) => {
		status = code;
		return response;
	};
	const nothing = () => response;
	const stood = replaceMethods(response, {
		status: setStatus,
		sendStatus: (code: number) => {
			setStatus(code);
			return end();
		},
		write: () => true,
		...Object.fromEntries(HEADERS.map((name) => [name, nothing])),
		...Object.fromEntries(ENDS.map((name) => [name, end])),
	});
	return {
		later,
		answer: (given) => {
			if (isAnswered) return false;
			isAnswered = true;
			stood.without(() => sendAnswer(response, given));
			return true;
		},
	};
}

/** Answers by a response that is n8n's. */
function sendAnswer(response: HookResponse, { status, body }: HookAnswer): void {
	response.status(status);
	if (body === undefined) response.end();
	else response.json(body);
}

/** Puts methods in the place of an object's own ones; `without` does something while those stand there again. */
function replaceMethods(target: object, methods: Record<string, unknown>) {
	const before = Object.getOwnPropertyDescriptors(target);
	const put = () => {
		for (const [name, value] of Object.entries(methods)) {
			Object.defineProperty(target, name, { value, configurable: true, writable: true });
		}
	};
	const takeBack = () => {
		for (const name of Object.keys(methods)) {
			const own = before[name as keyof typeof before] as PropertyDescriptor | undefined;
			if (own === undefined) Reflect.deleteProperty(target, name);
			else Object.defineProperty(target, name, own);
		}
	};
	put();
	return {
		without: (work: () => void) => {
			takeBack();
			try {
				work();
			} finally {
				put();
			}
		},
	};
}
