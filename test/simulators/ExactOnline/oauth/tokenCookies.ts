import { randomBytes } from 'node:crypto';

import type { Answer } from '../../shared/answers';

/**
 * The same answer with the cookies that the token endpoint was seen to set: those of the web application
 * and of its load balancer (docs/facts/exact-online.md 1.3). No request needs them.
 */
export function withTokenCookies(answer: Answer): Answer {
	const value = (): string => randomBytes(24).toString('base64url');
	return {
		...answer,
		headers: {
			...answer.headers,
			'set-cookie': [
				`ASP.NET_SessionId=${value()}; path=/; secure; HttpOnly; SameSite=None`,
				`ExactOnlineClient=${value()}; path=/; secure; HttpOnly`,
				`AWSALB=${value()}; Path=/`,
				`AWSALBCORS=${value()}; Path=/; SameSite=None; Secure`,
			],
		},
	};
}
