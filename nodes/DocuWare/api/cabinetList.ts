import { passOn } from '../../shared/errors';
import { processState } from '../../shared/process/processState';
import { rememberLatest } from '../../shared/process/rememberLatest';
import { allRows } from './listPages';
import { organizationPages } from './organizationPages';
import type { PlatformResource } from './platformClient';
import { addressBelow, addressIn, belowOrganization, saysNone, type Asker } from './relations';

/** How long a list is good for, in milliseconds: a server allows 60 a minute (docs/facts/docuware.md 8.4). */
const KEPT_MS = 300_000;

/** So many lists are kept. */
const MOST_KEPT = 200;

interface KeptList {
	rows: readonly PlatformResource[];
	/** Monotonic clock, ms. */
	readAt: number;
}

/** Lists that this process has read, by user and organization. */
function keptLists(): Map<string, KeptList> {
	return processState('docuWareCabinetLists1', () => new Map<string, KeptList>());
}

/** What a list is asked with. */
export interface CabinetListRequest {
	/** On a server of one's own with several organizations: those of one. */
	organizationId?: string;
	/** True asks anew, whatever is known. */
	fresh?: boolean;
}

/** The list, and how it came. */
export interface CabinetList {
	rows: readonly PlatformResource[];
	/** True where it was read before, and may be five minutes old. */
	isKept: boolean;
}

/**
 * The file cabinets and document trays that the user may reach (docs/facts/docuware.md 6.1). A list is kept for five
 * minutes for each user; asking anew waits for its turn among all processes.
 */
export async function readCabinetList(
	asker: Asker,
	{ organizationId = '', fresh = false }: CabinetListRequest = {},
): Promise<CabinetList> {
	const { client, signal } = asker;
	const { session } = client;
	const key = [session.baseUrl, session.userKey, organizationId].join('|');
	const kept = keptLists().get(key);
	if (!fresh && kept !== undefined && performance.now() - kept.readAt < KEPT_MS) {
		return { rows: kept.rows, isKept: true };
	}
	const readAt = performance.now();
	const path = await addressOfList(asker, organizationId);
	const rows = await allRows(client.pages({ path, signal, listsCabinets: true }, 'FileCabinet'));
	rememberLatest(keptLists(), key, { rows, readAt }, MOST_KEPT);
	return { rows, isKept: false };
}

const LIST = { usual: 'FileCabinets', rel: 'filecabinets' };

/** Where the list is: the link of the organization, else its usual place. */
async function addressOfList(asker: Asker, organizationId: string): Promise<URL> {
	if (organizationId === '') {
		return await addressBelow(asker, belowOrganization(LIST.rel, LIST.usual));
	}
	const organization = (await organizations(asker)).find(({ Id }) => String(Id) === organizationId);
	const query = [['OrgId', organizationId] as const];
	return addressIn(asker.client, organization, { ...LIST, query });
}

/** None where the server does not tell of them. */
async function organizations({ client, signal }: Asker): Promise<PlatformResource[]> {
	const pages = allRows(organizationPages(client, signal));
	return await pages.catch((error: unknown) => (saysNone(error) ? [] : passOn(error)));
}
