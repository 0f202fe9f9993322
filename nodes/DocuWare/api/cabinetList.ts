import { processState } from '../../shared/process/processState';
import { rememberLatest } from '../../shared/process/rememberLatest';
import type { PlatformClient, PlatformResource } from './platformClient';

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
	signal?: AbortSignal;
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
	client: PlatformClient,
	{ organizationId = '', fresh = false, signal }: CabinetListRequest = {},
): Promise<CabinetList> {
	const { session } = client;
	const key = [session.baseUrl, session.userKey, organizationId].join('|');
	const kept = keptLists().get(key);
	if (!fresh && kept !== undefined && performance.now() - kept.readAt < KEPT_MS) {
		return { rows: kept.rows, isKept: true };
	}
	const readAt = performance.now();
	const query: Array<[string, string]> = organizationId === '' ? [] : [['OrgId', organizationId]];
	const rows: PlatformResource[] = [];
	for await (const page of client.pages({ path: 'FileCabinets', query, signal }, 'FileCabinet')) {
		rows.push(...page);
	}
	rememberLatest(keptLists(), key, { rows, readAt }, MOST_KEPT);
	return { rows, isKept: false };
}
