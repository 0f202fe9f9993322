import {
	addressBelow,
	addressIn,
	belowOrganization,
	linkBelow,
	type Asker,
	type Below,
} from '../../api/relations';

/** What the trash bin has, by its links, and where each usually is (docs/facts/docuware.md 7.3). */
export const TRASH_PATHS = {
	batchDelete: 'TrashBin/BatchDelete',
	batchRestore: 'TrashBin/BatchRestore',
	queryDocuments: 'TrashBin/Query',
} as const;

export type TrashRelation = keyof typeof TRASH_PATHS;

/** Where something of the trash bin is: its own link, where the organization leads to it; else the known path. */
export async function trashAddress(
	asker: Asker,
	rel: TrashRelation,
	query: Below['query'] = [],
): Promise<URL> {
	const link = await linkBelow(asker, belowOrganization('trashBin', 'TrashBin'));
	const owner = link?.href ?? 'TrashBin';
	const below = { owner, kind: 'trash bin', isOptional: true, rel, usual: TRASH_PATHS[rel], query };
	return link === undefined
		? addressIn(asker.client, undefined, below)
		: await addressBelow(asker, below);
}
