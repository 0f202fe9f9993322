import { randomUUID } from 'node:crypto';

import type { Answer } from '../../shared/answers';
import { isRecord } from '../../shared/requestBody';
import { errorAnswer, resourceAnswer } from '../http/answers';
import { contentTypeOf } from '../http/simulatedRequest';
import { sameText } from '../simulatedServer';
import type { SimulatedUser } from '../worldData';
import { isAnswer } from './authentication';
import { platformPath } from './call';
import type { PlatformCall, Principal, SignedInHandler } from './call';
import { queryOf } from './organizations';
import { jsonBody } from './searches';

const createType = 'application/vnd.docuware.platform.createorganizationuser+json';

/** `GET Organization/Users[?Active=&Name=]` (docs/facts/docuware.md 8.1). */
export const listUsers: SignedInHandler = (call, principal) => {
	const isAsked = nameAndActive(call);
	const users = call.server.world.users.filter(
		(entry) =>
			entry.organizationId === principal.user.organizationId &&
			isAsked(entry.name, entry.locked !== true),
	);
	return resourceAnswer(call.request, 'Users', { User: users.map(userResource) });
};

/** `GET Organization/UserByID?userId=`. */
export const getUserById: SignedInHandler = (call, principal) => {
	const user = userOf(call, principal, queryOf(call.request.url)('userid'));
	return isAnswer(user) ? user : resourceAnswer(call.request, 'User', userResource(user));
};

/** `POST Organization/UserInfo`: creates by its content type, else changes the user of `Id`. */
export const saveUser: SignedInHandler = (call, principal) => {
	const refusal = unlessAdministrator(call, principal);
	if (refusal !== undefined) return refusal;
	const body = jsonBody(call, 'createorganizationuser');
	if (isAnswer(body)) return body;
	const text = (name: string): string | undefined => textMember(body, name);
	if (contentTypeOf(call.request) === createType) return createUser(call, principal, text);
	const user = userOf(call, principal, text('Id'));
	if (isAnswer(user)) return user;
	changeUser(user, body, text);
	return resourceAnswer(call.request, 'User', userResource(user));
};

/** A user of the own organization, or 404. */
export function userOf(
	{ server, request }: PlatformCall,
	{ user }: Principal,
	id = '',
): SimulatedUser | Answer {
	const found = server.world.users.find(
		(entry) => entry.organizationId === user.organizationId && sameText(entry.id, id),
	);
	return found ?? errorAnswer(request, 404, `There is no user '${id}'.`);
}

/** 403 for whoever may not change users. */
export function unlessAdministrator(
	{ request }: PlatformCall,
	{ user }: Principal,
): Answer | undefined {
	return user.administrator === true
		? undefined
		: errorAnswer(request, 403, `User ${user.name} may not administer the organization.`);
}

/** `Name` and `Active` of a query; each given without a value asks for nothing. */
export function nameAndActive({
	request,
}: PlatformCall): (name: string, active: boolean) => boolean {
	const query = queryOf(request.url);
	const [name = '', active = ''] = [query('name'), query('active')];
	return (ownName, isActive) =>
		(name === '' || sameText(ownName, name)) &&
		(active === '' || sameText(active, String(isActive)) || active === String(Number(isActive)));
}

/** A user as answers have it (docs/facts/docuware.md 8.1). */
export function userResource(user: SimulatedUser): object {
	const { from, until } = user.outOfOffice ?? {};
	return {
		Id: user.id,
		Name: user.name,
		FirstName: user.firstName ?? '',
		LastName: user.lastName ?? '',
		Salutation: user.salutation ?? '',
		DBName: user.dbName ?? user.name.slice(0, 8),
		EMail: user.email,
		NetworkId: user.networkId ?? '',
		Active: user.locked !== true,
		IsHighSecurity: false,
		DefaultWebBasket: '00000000-0000-0000-0000-000000000000',
		OutOfOffice: {
			IsOutOfOffice: user.outOfOffice !== undefined,
			...(from === undefined ? {} : { StartDateTime: `/Date(${Date.parse(from)})/` }),
			StartDateTimeSpecified: from !== undefined,
			...(until === undefined ? {} : { EndDateTime: `/Date(${Date.parse(until)})/` }),
			EndDateTimeSpecified: until !== undefined,
		},
		RegionalSettings: { Language: 'en', Culture: 'en-US', Calendar: 'GregorianCalendar' },
		Links: [
			{ rel: 'self', href: `${platformPath}/Organization/UserByID?userId=${user.id}` },
			{ rel: 'groups', href: `${platformPath}/Organization/UserGroups?UserId=${user.id}` },
			{ rel: 'roles', href: `${platformPath}/Organization/UserRoles?UserId=${user.id}` },
		],
	};
}

function createUser(
	{ server, request }: PlatformCall,
	{ user: { organizationId } }: Principal,
	text: (name: string) => string | undefined,
): Answer {
	const [name, dbName, password] = [text('Name'), text('DbName'), text('Password')];
	if (!name || !dbName || !password) {
		return errorAnswer(request, 422, 'A new user needs Name, DbName and Password.');
	}
	const taken = server.world.users.some(
		(entry) =>
			entry.organizationId === organizationId &&
			(sameText(entry.name, name) || sameText(entry.dbName ?? '', dbName)),
	);
	if (taken) return errorAnswer(request, 422, `There is a user '${name}' or '${dbName}' already.`);
	const created: SimulatedUser = {
		id: randomUUID(),
		name,
		password,
		dbName,
		email: text('Email') ?? '',
		networkId: text('NetworkId') ?? '',
		organizationId,
	};
	server.world.users.push(created);
	return resourceAnswer(request, 'User', userResource(created));
}

function changeUser(
	user: SimulatedUser,
	body: Record<string, unknown>,
	text: (name: string) => string | undefined,
): void {
	user.name = text('Name') ?? user.name;
	user.email = text('EMail') ?? user.email;
	for (const [member, sent] of [
		['firstName', text('FirstName')],
		['lastName', text('LastName')],
		['salutation', text('Salutation')],
	] as const) {
		if (sent !== undefined) user[member] = sent;
	}
	if (typeof body['Active'] === 'boolean') user.locked = !body['Active'];
	const absence = body['OutOfOffice'];
	if (!isRecord(absence)) return;
	delete user.outOfOffice;
	if (String(absence['IsOutOfOffice']) !== 'true') return;
	const [from, until] = [textMember(absence, 'StartDateTime'), textMember(absence, 'EndDateTime')];
	user.outOfOffice = {
		...(from === undefined ? {} : { from }),
		...(until === undefined ? {} : { until }),
	};
}

/** A text by the name of its member, without regard to case. */
function textMember(body: Record<string, unknown>, name: string): string | undefined {
	const found = Object.entries(body).find(([key]) => sameText(key, name))?.[1];
	return typeof found === 'string' ? found : undefined;
}
