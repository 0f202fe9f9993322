import { ManualClock } from '../../../simulators/shared/clock';
import {
	ExactOnlineSimulator,
	FIRST_DIVISION,
	type ExactOnlineSimulatorOptions,
	type SimulatedApp,
	type SimulatedUser,
} from '../../../simulators/ExactOnline';

/** An answer with its body read. */
export interface ReadAnswer {
	status: number;
	headers: Headers;
	text: string;
	/** The body as JSON, undefined if it is none. */
	json: unknown;
}

/** A simulator on a manual clock with the plain requests that the tests make. */
export class SimulatorClient {
	readonly clock = new ManualClock();
	readonly division = FIRST_DIVISION;
	private started: ExactOnlineSimulator | undefined;

	static async start(options: ExactOnlineSimulatorOptions = {}): Promise<SimulatorClient> {
		const client = new SimulatorClient();
		client.started = await ExactOnlineSimulator.start({ clock: client.clock.read, ...options });
		return client;
	}

	get simulator(): ExactOnlineSimulator {
		if (!this.started) throw new Error('Not started.');
		return this.started;
	}

	app(index = 0): SimulatedApp {
		const app = this.simulator.world.apps[index];
		if (!app) throw new Error(`No app ${index}.`);
		return app;
	}

	user(index = 0): SimulatedUser {
		const user = this.simulator.world.users[index];
		if (!user) throw new Error(`No user ${index}.`);
		return user;
	}

	/** Identifier of the chain of an app and a user. */
	chain(app = 0, user = 0): string {
		return `${this.app(app).clientId}#${this.user(user).userId}`;
	}

	logIn(app = 0, user = 0): { accessToken: string; refreshToken: string } {
		return this.simulator.issueTokens(this.app(app).clientId, this.user(user).userId);
	}

	async token(fields: Record<string, string>): Promise<ReadAnswer> {
		const body = new URLSearchParams(fields);
		return await read(await fetch(this.simulator.tokenUrl, { method: 'POST', body }));
	}

	async refresh(refreshToken: string, app = 0): Promise<ReadAnswer> {
		const { clientId, clientSecret } = this.app(app);
		return await this.token({
			grant_type: 'refresh_token',
			refresh_token: refreshToken,
			client_id: clientId,
			client_secret: clientSecret,
		});
	}

	/** A GET below `/api/v1/` with `Accept: application/json`. */
	async get(
		path: string,
		accessToken: string,
		query: Record<string, string> = {},
	): Promise<ReadAnswer> {
		return await this.call('GET', path, accessToken, { query });
	}

	async call(
		method: string,
		path: string,
		accessToken: string,
		options: { query?: Record<string, string>; body?: unknown } = {},
	): Promise<ReadAnswer> {
		const url = new URL(`${this.simulator.url}/api/v1/${path}`);
		for (const [name, value] of Object.entries(options.query ?? {})) {
			url.searchParams.set(name, value);
		}
		const headers: Record<string, string> = {
			accept: 'application/json',
			authorization: `Bearer ${accessToken}`,
		};
		if (options.body !== undefined) headers['content-type'] = 'application/json';
		const body = options.body === undefined ? {} : { body: JSON.stringify(options.body) };
		return await read(await fetch(url, { method, headers, ...body }));
	}

	/** A call of the control interface. */
	async control(method: string, path: string, body?: unknown): Promise<ReadAnswer> {
		const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
		return await read(await fetch(`${this.simulator.url}/__simulator/${path}`, init));
	}

	async close(): Promise<void> {
		await this.simulator.close();
	}
}

export async function read(response: Response): Promise<ReadAnswer> {
	const text = await response.text();
	let json: unknown;
	try {
		json = JSON.parse(text);
	} catch {
		json = undefined;
	}
	return { status: response.status, headers: response.headers, text, json };
}

/** Rows of a list answer, in the envelope or bare. */
export function rowsOf(answer: ReadAnswer): Array<Record<string, unknown>> {
	const { d } = answer.json as { d: Array<Record<string, unknown>> | ReturnType<typeof list> };
	return Array.isArray(d) ? d : d.results;
}

export function list(answer: ReadAnswer): {
	results: Array<Record<string, unknown>>;
	__next?: string;
	__count?: string;
} {
	return (answer.json as { d: ReturnType<typeof list> }).d;
}

/** The new pair in a token answer. */
export function pairOf(answer: ReadAnswer): { accessToken: string; refreshToken: string } {
	const fields = answer.json as Record<string, string>;
	return { accessToken: fields['access_token'] ?? '', refreshToken: fields['refresh_token'] ?? '' };
}

/** Message of an API error. */
export function messageOf(answer: ReadAnswer): string {
	return (answer.json as { error: { message: { value: string } } }).error.message.value;
}
