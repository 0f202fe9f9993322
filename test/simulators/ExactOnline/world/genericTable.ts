import type { Row } from '../odata/edm';
import { actionAt } from './actions';
import { presentAttachment } from './attachments';
import { behaviourOf } from './behaviours';
import { findEndpointFacts, lineCollections, singular, type EndpointFacts } from './endpointFacts';
import type { EntityTable, TableContext } from './entityTable';
import type { Records } from './records';
import { readingRules } from './readingRules';
import type { RowSet } from './rowSet';
import { TRANSACTIONS } from './twins';
import { serviceFunction } from './serviceFunctions';
import { setByService, setByServiceOnUpdate } from './serverFields';

/** Any documented resource that has no table of its own, undefined if there is no such resource. */
export function genericTable(path: string, records: Records): EntityTable | undefined {
	const facts = findEndpointFacts(path);
	if (!facts || path === 'current/Me') return undefined;
	const common = {
		...facts,
		path,
		typeName: typeNameOf(path),
		collections: lineCollections(path),
		...readingRules(path),
		...(path.endsWith('/DocumentAttachments') ? { present: presentAttachment } : {}),
	};
	const twin = {
		inKeyOrder: true,
		rows: ({ division }: TableContext) => records.twinRows(division ?? 0, path),
	};
	if (/^(?:bulk|sync)\//.test(path)) return { ...common, ...twin };
	if (path.startsWith('read/')) {
		return {
			...common,
			call: serviceFunction(path, records),
			rows: () => [],
			store: storeOf(path, records),
		};
	}
	if (facts.methods.join() === 'POST') return { ...common, act: actionAt(path), rows: () => [] };
	const stored = { ...common, ...storedRows(path, facts, records), inKeyOrder: true };
	return path === TRANSACTIONS ? { ...stored, ...twin } : stored;
}

function storeOf(path: string, records: Records): (context: TableContext) => RowSet {
	return ({ division }) => records.set(division ?? 0, path);
}

/** A resource with rows of its own. */
function storedRows(
	path: string,
	facts: EndpointFacts,
	records: Records,
): Pick<EntityTable, 'rows' | 'store' | 'beforeInsert' | 'beforeUpdate' | 'beforeDelete'> {
	const store = storeOf(path, records);
	const behaviour = behaviourOf(path, records);
	return {
		rows: (context) => store(context).rows,
		store,
		beforeInsert: (row: Row, context) => {
			setByService(path, facts, row, context, records);
			behaviour.beforeInsert?.(row, context);
		},
		beforeUpdate: (changes, row, context) => {
			setByServiceOnUpdate(changes, context, records);
			behaviour.beforeUpdate?.(changes, row, context);
		},
		...(behaviour.beforeDelete ? { beforeDelete: behaviour.beforeDelete } : {}),
	};
}

/** Services whose models stand in a part of their own, as seen in answers; the others do not. */
const MODEL_PARTS: ReadonlyArray<readonly [start: string, part: string]> = [
	['inventory/', 'Inventory.'],
	['salesorder/GoodsDeliver', 'SalesOrders.'],
];

function typeNameOf(path: string): string {
	const part = MODEL_PARTS.find(([start]) => path.startsWith(start))?.[1] ?? '';
	return `Exact.Web.Api.Models.${part}${singular(path.split('/').pop() ?? path)}`;
}
