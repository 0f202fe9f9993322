import { gzipSync } from 'node:zlib';

import { htmlAnswer } from '../../shared/answers';
import type { Answer } from '../../shared/answers';
import { Router } from '../../shared/router';
import { errorAnswer } from '../http/answers';
import type { SimulatedRequest } from '../http/simulatedRequest';
import type { SimulatedServer } from '../simulatedServer';
import { accountRoutes } from './accountRoutes';
import { actionRoutes } from './actionRoutes';
import { authenticate, isAnswer } from './authentication';
import { platformPath } from './call';
import type { Principal } from './call';
import { documentRoutes } from './documentRoutes';
import { fileCabinetRoutes } from './fileCabinetRoutes';
import { fileRoutes } from './fileRoutes';
import { pathBehindLink, withOtherLinks } from './linkPaths';
import { organizationRoutes } from './organizationRoutes';
import { gone } from './refusals';
import type { PlatformRoute } from './routes';
import { searchRoutes } from './searchRoutes';
import { stickyCookieLine } from './sessionCookies';

const router = new Router<PlatformRoute>();

for (const route of [
	...accountRoutes,
	...organizationRoutes,
	...fileCabinetRoutes,
	...searchRoutes,
	...documentRoutes,
	...fileRoutes,
	...actionRoutes,
]) {
	router.on(route.method, patternOf(route.name), route);
}

/** Paths are compared in lower case, names of parameters are not. */
function patternOf(name: string): string {
	return name
		.split('/')
		.map((part) => (part.startsWith('{') ? `:${part.slice(1, -1)}` : part.toLowerCase()))
		.join('/');
}

/** A request on its way: how it is named, and what it does when its turn comes. */
export interface RoutedRequest {
	/** Path below the platform with `{parameters}`, or the path as sent when nothing is there. */
	name: string;
	/** Waiting time in ms before the answer (a 429 comes late). */
	delayMs: number;
	process: () => Answer;
	/** What the head alone is refused with; absent where nothing about it can be wrong. */
	refuseEarly?: () => Answer | undefined;
}

/** Finds what a request to the tenant host means. */
export function routePlatformRequest(
	server: SimulatedServer,
	request: SimulatedRequest,
): RoutedRequest {
	const asked = pathBelowPlatform(request.url.pathname);
	const below =
		asked !== undefined && server.switches.linkPaths === 'other' ? pathBehindLink(asked) : asked;
	if (below === undefined) {
		return {
			name: request.url.pathname,
			delayMs: 0,
			process: () => htmlAnswer(404, '<h1>404 - File or directory not found.</h1>'),
		};
	}
	const lower = below.toLowerCase();
	const match = router.match(request.method, lower);
	const name = match?.handler.name ?? below;
	const isAccount = lower.startsWith('account/');
	if (isAccount && !server.abilities.cookieLogon) {
		return {
			name,
			delayMs: 0,
			process: () => withSticky(server, request, gone({ server, request })),
		};
	}
	const { perMinuteLimits, throttleDelaySeconds } = server.switches;
	const waitMs = server.minuteLimits.admit(
		perMinuteLimits,
		lower,
		server.now(),
		server.scaledMs(60),
	);
	if (waitMs > 0) {
		return {
			name,
			delayMs: server.scaledMs(throttleDelaySeconds),
			process: () => withSticky(server, request, throttled(server, request, waitMs)),
		};
	}
	let admission: { admitted?: Principal } = {};
	const process = (): Answer => {
		if (match === undefined) return nothingHere(request, lower);
		const { parameters } = match;
		return match.handler.handle({ server, request, parameters, ...admission });
	};
	return {
		name,
		delayMs: 0,
		process: () => withSticky(server, request, process()),
		refuseEarly: () => {
			if (match?.handler.needsSignIn !== true) return undefined;
			const principal = authenticate({ server, request, parameters: match.parameters });
			if (isAnswer(principal)) return withSticky(server, request, principal);
			admission = { admitted: principal };
			return undefined;
		},
	};
}

function pathBelowPlatform(path: string): string | undefined {
	const lower = path.toLowerCase();
	const prefix = platformPath.toLowerCase();
	if (lower === prefix) return '';
	return lower.startsWith(`${prefix}/`)
		? path.slice(prefix.length + 1).replace(/\/$/, '')
		: undefined;
}

function nothingHere(request: SimulatedRequest, lower: string): Answer {
	const otherMethod = ['GET', 'POST', 'PUT', 'DELETE'].some(
		(method) => router.match(method, lower) !== undefined,
	);
	return otherMethod
		? errorAnswer(request, 405, `The resource does not support the method ${request.method}.`)
		: errorAnswer(request, 404, `No resource was found at ${request.url.pathname}.`);
}

/** 429 (docs/facts/docuware.md 8.4); `Retry-After` in whole seconds, by switch. */
function throttled(server: SimulatedServer, request: SimulatedRequest, waitMs: number): Answer {
	server.counts.throttled += 1;
	const answer = errorAnswer(request, 429, 'Too many requests. Try again later.');
	if (server.switches.retryAfterHeader) {
		answer.headers['retry-after'] = String(Math.ceil(waitMs / 1000));
	}
	return answer;
}

/**
 * The load balancer adds its cookie to every answer, also to bearer requests
 * (docs/facts/docuware.md 1).
 */
function withSticky(server: SimulatedServer, request: SimulatedRequest, made: Answer): Answer {
	const { linkPaths } = server.switches;
	const whole = linkPaths === 'usual' ? made : withOtherLinks(made, linkPaths);
	const answer = server.switches.answerCompression ? compressed(request, whole) : whole;
	const line = stickyCookieLine(server, request);
	answer.headers['vary'] = 'Cookie,Accept,Accept-Encoding';
	if (line !== undefined) {
		const present = answer.headers['set-cookie'];
		answer.headers['set-cookie'] = [...(Array.isArray(present) ? present : []), line];
	}
	return answer;
}

/** Answers shorter than this (characters) are not worth it. */
const leastToCompress = 1000;

/** An answer in text as gzip for whoever takes it. */
function compressed(request: SimulatedRequest, answer: Answer): Answer {
	const { body } = answer;
	const isTaken = /\bgzip\b/i.test(request.headers['accept-encoding'] ?? '');
	if (!isTaken || typeof body !== 'string' || body.length < leastToCompress) return answer;
	return {
		...answer,
		headers: { ...answer.headers, 'content-encoding': 'gzip' },
		body: gzipSync(body, { level: 1 }),
	};
}
