import { readEndpoint } from '../../catalogue/catalogue';
import { FIRST_CLASS } from '../../catalogue/firstClass';
import type { ResourceData, SyncData } from '../../catalogue/firstClass/resourceData';
import type { Endpoint } from '../../catalogue/types';
import { invalidValue } from '../../odata/invalidValue';
import type { SyncPlan, SyncStream } from './syncReading';

/** What changes can be asked of. */
export interface ChangedEntity {
	/** Title Case, singular. */
	name: string;
	value: string;
	data: ResourceData;
	/** Where changed rows are read; missing where the field `Modified` has to do. */
	sync?: SyncData;
}

/** By name. A twin that holds records of two kinds stands once. */
export const CHANGED_ENTITIES: readonly ChangedEntity[] = FIRST_CLASS.filter(
	({ noChanges }) => noChanges === undefined,
)
	.map(entityOfData)
	.filter(({ name }, index, all) => all.findIndex((other) => other.name === name) === index)
	.sort((one, other) => (one.name < other.name ? -1 : 1));

function entityOfData(data: ResourceData): ChangedEntity {
	const { sync } = data;
	const name = sync?.kinds ?? data.name;
	return { name, value: data.value, data, ...(sync && { sync }) };
}

/** @throws ConnectorError EXACT_INVALID_VALUE */
export function changedEntity(value: string): ChangedEntity {
	const found = CHANGED_ENTITIES.find((one) => one.value === value);
	if (found) return found;
	throw invalidValue(value, 'has no changes to be read.', 'Choose the entity from the list.');
}

/** Endpoint of the rows, with the key of the record in place of the Timestamp. */
export function rowEndpoint({ data, sync }: Pick<ChangedEntity, 'data' | 'sync'>): Endpoint {
	const own = readEndpoint(data.endpoint);
	if (sync === undefined) return own;
	return { ...readEndpoint(sync.path), key: own.key, keyNames: own.keyNames };
}

/** Whether its rows come out as documents with the lines that have changed. */
export function hasLines({ sync }: Pick<ChangedEntity, 'sync'>): boolean {
	return sync?.lines !== undefined || sync?.mixed === true;
}

/** Whether Exact tells of deletions of its records (docs/facts/exact-online.md 5). */
export function tellsDeletions({ sync }: Pick<ChangedEntity, 'sync'>): boolean {
	return sync?.deletedType !== undefined;
}

/** What is read of an entity that has a twin. */
export function syncPlan({ data }: ChangedEntity, sync: SyncData): SyncPlan {
	const [key = 'ID'] = readEndpoint(data.endpoint).keyNames;
	const isLine: SyncStream['isLine'] =
		sync.mixed === true ? ({ LineNumber }) => Number(LineNumber) !== 0 : () => false;
	const { deletedType, lines } = sync;
	return {
		records: { path: sync.path, key, isLine },
		...(deletedType !== undefined && { deletedType }),
		...(lines && {
			lines: { path: lines.path, key, isLine: () => true },
			deletedLineType: lines.deletedType,
		}),
	};
}
