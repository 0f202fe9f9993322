import { isConnectorError, passOn } from '../../../shared/errors';
import { addressBelow, addressIn } from '../../api/relations';
import type { PlatformResource } from '../../api/platformClient';
import type { OperationCall } from '../operation';
import type { DirectoryKind } from './directory';
import { allOfKind, type DirectoryEntry } from './directoryFields';

/** A list that belongs to one user, group or role, such as the groups of a user. */
export interface Membership {
	/** Whose list it is. */
	of: DirectoryKind;
	/** Where it usually is. */
	path: string;
	/** Name of the parameter that says whose it is there. */
	parameter: string;
	/** Link of its owner to it; a role has none (docs/facts/docuware.md 8.1). */
	rel?: string;
}

/** Where the list of a user, group or role is: its own link, else the known path. */
export async function membershipAddress(
	call: OperationCall,
	{ of, path: usual, parameter, rel }: Membership,
	{ id, row }: DirectoryEntry,
	more: ReadonlyArray<readonly [string, string]> = [],
): Promise<URL> {
	const relation = { usual, rel: rel ?? '', query: [[parameter, id] as const, ...more] };
	if (rel === undefined) return addressIn(call.client, undefined, relation);
	if (row === undefined && of === 'user') {
		const owner = `Organization/UserByID?userId=${encodeURIComponent(id)}`;
		return await addressBelow(call, { ...relation, owner, kind: 'users' });
	}
	return addressIn(call.client, row ?? (await listedRow(call, of, id)), relation);
}

/** No group is read by itself; who may not see all of them may see the users of one. */
async function listedRow(
	call: OperationCall,
	kind: DirectoryKind,
	id: string,
): Promise<PlatformResource | undefined> {
	const rows = await allOfKind(call, kind).catch((error: unknown) => {
		if (isConnectorError(error) && error.code === 'DOCUWARE_FORBIDDEN') return [];
		passOn(error);
	});
	return rows.find((row) => String(row.Id).toLowerCase() === id.toLowerCase());
}
