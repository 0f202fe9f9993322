import type { PlatformClient, PlatformResource } from '../../api/platformClient';

export type FileCabinetKind = 'cabinets' | 'trays' | 'both';

/** The file cabinets and document trays that the user may reach (docs/facts/docuware.md 6.1). */
export function fileCabinetPages(
	client: PlatformClient,
	options: { organizationId?: string; signal?: AbortSignal },
): AsyncGenerator<PlatformResource[]> {
	const { organizationId = '', signal } = options;
	const query: Array<[string, string]> = organizationId === '' ? [] : [['OrgId', organizationId]];
	return client.pages({ path: 'FileCabinets', query, signal }, 'FileCabinet');
}

/** A document tray is marked, and its ID begins with `b_` (docs/facts/docuware.md 6.1). */
export function isKind(row: PlatformResource, kind: FileCabinetKind): boolean {
	if (kind === 'both') return true;
	const isTray = row.IsBasket === true || String(row.Id).startsWith('b_');
	return isTray === (kind === 'trays');
}
