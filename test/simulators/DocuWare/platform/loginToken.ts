import { jsonAnswer, textAnswer } from '../../shared/answers';
import type { Answer } from '../../shared/answers';
import { errorAnswer } from '../http/answers';
import { acceptedTypes, contentTypeOf } from '../http/simulatedRequest';
import type { SimulatedRequest } from '../http/simulatedRequest';
import { parseTimeSpan } from '../sessions/timeSpan';
import type { LoginTokenPath } from '../switches';
import type { PlatformCall, Principal, SignedInHandler } from './call';
import { productTypes } from './productTypes';
import { readTokenDescription } from './tokenDescription';

const dayMs = 86_400_000;

/** The handler of one of the login-token paths (docs/facts/docuware.md 4). */
export function createLoginToken(path: LoginTokenPath): SignedInHandler {
	return (call, principal) => {
		const { server, request, parameters } = call;
		const ownOrganization =
			parameters['organizationId'] === undefined ||
			parameters['organizationId'] === principal.user.organizationId;
		if (!server.switches.loginTokenPaths[path] || !ownOrganization) {
			return errorAnswer(request, 404, `No resource was found at ${request.url.pathname}.`);
		}
		return makeToken(call, principal);
	};
}

function makeToken({ server, request }: PlatformCall, { user }: Principal): Answer {
	const description = readTokenDescription(contentTypeOf(request), request.body);
	if (description === 'unsupported') {
		return errorAnswer(request, 415, 'The media type of the token description is not supported.');
	}
	if (description === undefined) {
		return errorAnswer(request, 400, 'The token description cannot be read.');
	}
	const { products, usage, lifetime } = description;
	if (products === undefined || usage === undefined || lifetime === undefined) {
		return errorAnswer(request, 400, 'TargetProducts, Usage and Lifetime are required.');
	}
	if (!isProductList(products)) {
		return errorAnswer(request, 422, 'TargetProducts is not a list of product types.');
	}
	if (usage !== 'Single' && usage !== 'Multi') {
		return errorAnswer(request, 422, 'Usage is neither Single nor Multi.');
	}
	const asked = parseTimeSpan(typeof lifetime === 'number' ? String(lifetime) : text(lifetime));
	if (asked === undefined || asked <= 0) {
		return errorAnswer(request, 422, 'Lifetime is not a valid time span.');
	}
	const { loginTokenCap, loginTokenMaxDays, timeScale } = server.switches;
	const maxMs = loginTokenMaxDays * dayMs;
	if (loginTokenCap === 'refuse' && asked > maxMs) {
		return errorAnswer(request, 422, `Lifetime exceeds ${loginTokenMaxDays} days.`);
	}
	const granted = loginTokenCap === 'silent' ? Math.min(asked, maxMs) : asked;
	const token = server.loginTokens.make({
		user,
		usage,
		targetProducts: products,
		expiresAt: server.now() + granted * timeScale,
	});
	server.counts.loginTokens.made += 1;
	return tokenAnswer(request, token.value, server.switches.loginTokenAnswer);
}

function tokenAnswer(
	request: SimulatedRequest,
	token: string,
	form: 'byAccept' | 'plain' | 'quoted' | 'padded' | 'braced' | 'object',
): Answer {
	switch (form) {
		case 'plain':
			return textAnswer(200, token);
		case 'quoted':
			return jsonAnswer(200, token);
		case 'padded':
			return textAnswer(200, `\r\n  ${token} \r\n`);
		case 'braced':
			return textAnswer(200, `{${token}}`);
		case 'object':
			return jsonAnswer(200, { Token: token });
		case 'byAccept': {
			const wanted = acceptedTypes(request).find(
				({ type }) => type === 'text/plain' || type === 'application/json',
			);
			return wanted?.type === 'application/json' ? jsonAnswer(200, token) : textAnswer(200, token);
		}
	}
}

function isProductList(value: unknown): value is string[] {
	return (
		Array.isArray(value) &&
		value.length > 0 &&
		value.every((entry) => typeof entry === 'string' && productTypes.has(entry))
	);
}

function text(value: unknown): string {
	return typeof value === 'string' ? value : '';
}
