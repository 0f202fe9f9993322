import type { PlatformResource } from '../../api/platformClient';
import { addressBelow, belowOrganization, type Asker } from '../../api/relations';

/** Those who have rights in an organization. */
export type DirectoryKind = 'group' | 'role' | 'user';

interface DirectoryList {
	/** Of all of them. */
	path: string;
	/** Link of the organization to all of them. */
	rel: string;
	/** Name of the list in an answer. */
	member: string;
	/** Title Case. */
	title: string;
}

/** Where they usually are listed (docs/facts/docuware.md 1, 8.1). */
export const DIRECTORY: Readonly<Record<DirectoryKind, DirectoryList>> = {
	group: { path: 'Organization/Groups', rel: 'groups', member: 'Item', title: 'Group' },
	role: { path: 'Organization/Roles', rel: 'roles', member: 'Item', title: 'Role' },
	user: { path: 'Organization/Users', rel: 'users', member: 'User', title: 'User' },
};

/** What a list is narrowed by; empty or undefined for nothing. */
export interface DirectoryFilter {
	active?: boolean | undefined;
	name?: string;
	/** Of roles alone. */
	type?: string;
}

/** The users, groups or roles of the organization of the session (docs/facts/docuware.md 8.1). */
export async function* directoryPages(
	asker: Asker,
	kind: DirectoryKind,
	{ active, name = '', type = '' }: DirectoryFilter,
): AsyncGenerator<PlatformResource[]> {
	const { path: usual, rel, member } = DIRECTORY[kind];
	const query: Array<[string, string]> = [
		['Active', active === undefined ? '' : String(active)],
		['Name', name],
		['Type', type],
	];
	const given = query.filter(([, value]) => value !== '');
	const path = await addressBelow(asker, belowOrganization(rel, usual, given));
	yield* asker.client.pages({ path, signal: asker.signal }, member);
}
