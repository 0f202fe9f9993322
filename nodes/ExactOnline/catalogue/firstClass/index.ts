import { CODE_LISTS } from './codeLists';
import { FINANCE } from './finance';
import { MASTER_DATA } from './masterData';
import { PURCHASE } from './purchase';
import type { ResourceData } from './resourceData';
import { SALES } from './sales';
import { WORK } from './work';

/** The resources that the node is to offer by their own names, by name. */
export const FIRST_CLASS: readonly ResourceData[] = [
	...MASTER_DATA,
	...SALES,
	...PURCHASE,
	...FINANCE,
	...WORK,
]
	.map((data) => ({ ...data, ...(CODE_LISTS[data.value] && { codes: CODE_LISTS[data.value] }) }))
	.sort((one, other) => (one.name < other.name ? -1 : 1));
