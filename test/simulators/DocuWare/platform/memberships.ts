import { textAnswer } from '../../shared/answers';
import { errorAnswer, resourceAnswer } from '../http/answers';
import { sameText } from '../simulatedServer';
import type { SimulatedGroup, SimulatedRole } from '../worldData';
import { isAnswer } from './authentication';
import { platformPath } from './call';
import type { PlatformCall, Principal, SignedInHandler } from './call';
import { queryOf } from './organizations';
import { jsonBody } from './searches';
import { nameAndActive, unlessAdministrator, userOf, userResource } from './users';

type Kind = 'groups' | 'roles';

/** `GET Organization/Groups`, or those of a user: `GET Organization/UserGroups?UserId=` (docs/facts/docuware.md 8.1). */
export function listGroups(whose?: 'ofUser'): SignedInHandler {
	return (call, principal) => {
		const groups = asked(call, principal, call.server.world.groups ?? [], whose);
		return isAnswer(groups)
			? groups
			: resourceAnswer(call.request, 'Groups', { Item: groups.map(groupResource) });
	};
}

/** `GET Organization/Roles[?Type=]`, or those of a user: `GET Organization/UserRoles?UserId=`. */
export function listRoles(whose?: 'ofUser'): SignedInHandler {
	return (call, principal) => {
		const roles = asked(call, principal, call.server.world.roles ?? [], whose);
		if (isAnswer(roles)) return roles;
		const type = queryOf(call.request.url)('type') ?? '';
		const ofType = roles.filter((role) => type === '' || sameText(role.type, type));
		return resourceAnswer(call.request, 'Roles', { Item: ofType.map(roleResource) });
	};
}

/** `GET Organization/GroupUsers?GroupId=`, `GET Organization/RoleUsers?RoleId=[&IncludeGroupUsers=]`. */
export function listUsersOf(kind: Kind): SignedInHandler {
	return (call, principal) => {
		const query = queryOf(call.request.url);
		const id = query(kind === 'groups' ? 'groupid' : 'roleid') ?? '';
		const owner = own(call, principal, kind).find((entry) => sameText(entry.id, id));
		if (owner === undefined) {
			return errorAnswer(call.request, 404, `There is no ${kind.slice(0, -1)} '${id}'.`);
		}
		const { world } = call.server;
		const viaGroups = sameText(query('includegroupusers') ?? '', 'true')
			? (world.groups ?? []).filter(({ id: group }) => owner.groupIds?.includes(group) === true)
			: [];
		const ids = new Set([owner, ...viaGroups].flatMap(({ userIds }) => userIds));
		const users = world.users.filter((user) => ids.has(user.id));
		return resourceAnswer(call.request, 'Users', { User: users.map(userResource) });
	};
}

/** `PUT Organization/UserGroups?UserId=` and `UserRoles`: `{"Ids":[…],"OperationType":"Add"|"Remove"}`; all or nothing. */
export function changeMemberships(kind: Kind): SignedInHandler {
	return (call, principal) => {
		const { request } = call;
		const refusal = unlessAdministrator(call, principal);
		if (refusal !== undefined) return refusal;
		const user = userOf(call, principal, queryOf(request.url)('userid'));
		if (isAnswer(user)) return user;
		const body = jsonBody(call);
		if (isAnswer(body)) return body;
		const { Ids: ids, OperationType: operation } = body;
		if (!Array.isArray(ids) || (operation !== 'Add' && operation !== 'Remove')) {
			return errorAnswer(request, 400, 'Ids and an OperationType, Add or Remove, are needed.');
		}
		const meant: Owner[] = [];
		for (const id of ids.map(String)) {
			const found = own(call, principal, kind).find((entry) => sameText(entry.id, id));
			if (found === undefined) {
				return errorAnswer(request, 422, `There is no ${kind.slice(0, -1)} '${id}'.`);
			}
			meant.push(found);
		}
		for (const entry of meant) {
			const others = entry.userIds.filter((id) => id !== user.id);
			entry.userIds = operation === 'Add' ? [...others, user.id] : others;
		}
		return textAnswer(200, '');
	};
}

/** A group, or a role with the groups that have it. */
type Owner = SimulatedGroup & { groupIds?: string[] };

function own({ server }: PlatformCall, { user }: Principal, kind: Kind): Owner[] {
	const all: Owner[] = server.world[kind] ?? [];
	return all.filter((entry) => entry.organizationId === user.organizationId);
}

function asked<Entry extends SimulatedGroup>(
	call: PlatformCall,
	principal: Principal,
	entries: readonly Entry[],
	whose: 'ofUser' | undefined,
): Entry[] | ReturnType<typeof errorAnswer> {
	const isAsked = nameAndActive(call);
	const found = entries.filter(
		(entry) =>
			entry.organizationId === principal.user.organizationId && isAsked(entry.name, entry.active),
	);
	if (whose === undefined) return found;
	const user = userOf(call, principal, queryOf(call.request.url)('userid'));
	return isAnswer(user) ? user : found.filter(({ userIds }) => userIds.includes(user.id));
}

function groupResource(group: SimulatedGroup): object {
	return {
		Id: group.id,
		Name: group.name,
		Active: group.active,
		Links: [{ rel: 'users', href: `${platformPath}/Organization/GroupUsers?GroupId=${group.id}` }],
	};
}

function roleResource(role: SimulatedRole): object {
	return {
		Id: role.id,
		Name: role.name,
		Active: role.active,
		Type: role.type,
		Links: [],
	};
}
