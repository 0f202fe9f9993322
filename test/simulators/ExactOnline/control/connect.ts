import type { ExactOnlineSimulator } from '../exactOnlineSimulator';

/** An authorization request as an OAuth client starts it, and the person who answers it. */
export interface BrowserConnection {
	/** Address of the log-in page with all parameters, as the client gave it to the browser. */
	authUrl: string;
	userId: string;
}

/**
 * Plays the person at the consent page: chooses the user and presses Allow.
 * @returns the redirect back to the client, with `code` and `state`
 * @throws Error if the log-in page refuses the request
 */
export function connectThroughBrowser(
	simulator: ExactOnlineSimulator,
	{ authUrl, userId }: BrowserConnection,
): string {
	const form = new URLSearchParams(new URL(authUrl).searchParams);
	form.set('userId', userId);
	form.set('decision', 'allow');
	const answer = simulator.decideConsent(form);
	const { location } = answer.headers;
	if (typeof location !== 'string') {
		throw new Error(`The log-in page answered ${answer.status} instead of a redirect.`);
	}
	return location;
}
