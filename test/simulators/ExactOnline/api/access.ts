import { ODataError } from '../odata/errors';
import type { AccessTokenRecord } from '../oauth/chains';
import type { TableContext } from '../world/entityTable';
import type { SimulatedApp } from '../world/people';
import { stampOf } from '../world/serviceClock';
import type { ApiContext, ApiRequest } from './apiEndpoint';
import { collectionUrl, isPage, type ApiPath } from './apiPath';
import type { EntityRequest } from './entityRequest';

/** Who asks for what, once it is known that both exist and fit together. */
export interface Caller {
	path: ApiPath;
	context: TableContext;
}

/** Longest URL, docs/facts/exact-online.md 3. */
const URL_LIMIT = 6000;

/**
 * Finds the division and checks that app and user may use it and the resource
 * (docs/facts/exact-online.md 1.10, 4.7).
 */
export function authorize(
	request: ApiRequest,
	path: ApiPath | undefined,
	token: AccessTokenRecord,
	{ world, switches, clock }: ApiContext,
): Caller {
	if (switches.forbiddenReason !== null) {
		throw new ODataError(403, 'Forbidden', { Reason: switches.forbiddenReason });
	}
	const user = world.user(token.userId);
	const app = world.app(token.clientId);
	if (request.urlLength > URL_LIMIT) throw new ODataError(414, 'The request URL is too long.');
	if (!path || !user || !app) throw new ODataError(404, 'Resource not found.');
	const { division } = path;
	if (division !== undefined) {
		if (!world.divisions.includes(division)) throw new ODataError(404, 'Resource not found.');
		if (!user.divisions.includes(division)) {
			throw new ODataError(403, 'Forbidden', { Reason: 'NoDivisionAccess' });
		}
	}
	if (!isPage(path)) {
		refuseOutOfScope(app, path.endpoint, request.method);
		// Without a cause: a right of the user, or a module that is not licensed.
		const denied = (switches.deniedServices ?? '').split(',').map((name) => name.trim());
		if (denied.includes(serviceOf(path.endpoint))) throw new ODataError(403, 'Forbidden');
	}
	const now = clock();
	return {
		path,
		context: { user, division, clientId: app.clientId, now, stampedAt: stampOf(now, switches) },
	};
}

/** @throws ODataError 404 unless the path names a resource and has a division where it needs one */
export function resourceOf(
	request: ApiRequest,
	{ path, context }: Caller,
	{ world, switches }: ApiContext,
): Omit<EntityRequest, 'wantsJson'> {
	const { endpoint, keyText } = path;
	const { division } = context;
	const table = world.table(endpoint);
	if (!table || endpoint.startsWith('current/') !== (division === undefined)) {
		throw new ODataError(404, `Resource not found for the segment '${endpoint}'.`);
	}
	const { query, origin } = request;
	const url = collectionUrl(origin, division, endpoint);
	const prefersAll = request.prefer.includes('return=representation');
	const about = { table, context, query, keyText, origin, collectionUrl: url };
	return { ...about, prefersAll, switches, world };
}

/** Parts before the name of the service in paths of twins, functions and the beta family. */
const FAMILIES: ReadonlySet<string> = new Set(['bulk', 'sync', 'read', 'beta']);

function serviceOf(endpoint: string): string {
	const [first = '', second = ''] = endpoint.split('/');
	return FAMILIES.has(first) ? second.toLowerCase() : first;
}

function refuseOutOfScope({ scopes }: SimulatedApp, endpoint: string, method: string): void {
	const service = serviceOf(endpoint);
	if (!scopes || scopes.includes(service)) return;
	const verb = method === 'GET' ? 'read' : 'write';
	throw new ODataError(403, `Forbidden - Application Scope Violated. Cannot ${verb}/${service}`);
}
