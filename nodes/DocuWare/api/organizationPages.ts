import type { PlatformClient, PlatformResource } from './platformClient';

/** The organizations that the user may reach (docs/facts/docuware.md 6.1). */
export function organizationPages(
	client: PlatformClient,
	signal: AbortSignal | undefined,
): AsyncGenerator<PlatformResource[]> {
	return client.pages({ path: 'Organizations', signal }, 'Organization');
}
