import type { PlatformClient, PlatformResource } from '../../api/platformClient';

/** Those who have rights in an organization. */
export type DirectoryKind = 'group' | 'role' | 'user';

interface DirectoryList {
	/** Of all of them. */
	path: string;
	/** Name of the list in an answer. */
	member: string;
	/** Title Case. */
	title: string;
}

/** Where they are listed (docs/facts/docuware.md 1, 8.1). */
export const DIRECTORY: Readonly<Record<DirectoryKind, DirectoryList>> = {
	group: { path: 'Organization/Groups', member: 'Item', title: 'Group' },
	role: { path: 'Organization/Roles', member: 'Item', title: 'Role' },
	user: { path: 'Organization/Users', member: 'User', title: 'User' },
};

/** What a list is narrowed by; empty or undefined for nothing. */
export interface DirectoryFilter {
	active?: boolean | undefined;
	name?: string;
	/** Of roles alone. */
	type?: string;
}

/** The users, groups or roles of the organization of the session (docs/facts/docuware.md 8.1). */
export function directoryPages(
	client: PlatformClient,
	kind: DirectoryKind,
	{ active, name = '', type = '' }: DirectoryFilter,
	signal: AbortSignal | undefined,
): AsyncGenerator<PlatformResource[]> {
	const { path, member } = DIRECTORY[kind];
	const query: Array<[string, string]> = [
		['Active', active === undefined ? '' : String(active)],
		['Name', name],
		['Type', type],
	];
	const given = query.filter(([, value]) => value !== '');
	return client.pages({ path, query: given, signal }, member);
}

/** A list that belongs to one user, group or role, such as the groups of a user. */
export function membershipPages(
	client: PlatformClient,
	path: string,
	query: ReadonlyArray<readonly [string, string]>,
	kind: DirectoryKind,
	signal: AbortSignal | undefined,
): AsyncGenerator<PlatformResource[]> {
	return client.pages({ path, query, signal }, DIRECTORY[kind].member);
}
