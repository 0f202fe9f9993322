import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { ItemCall, OutputRow } from './operation';
import { namesIn, outputChoice, type OutputMode } from './outputChoice';

/** Most fields of a simplified row, as n8n asks it of nodes that are tools as well. */
const SIMPLE_FIELDS = 10;

/** What people know things by. */
const NAME = /^(?:code|name|displayName|fullName|fileName|label)$/i;

/** A thing's own identifier. */
const OWN_ID = /^(?:id|sectionId|stampId)$/i;

/** *Output* of operations that read things without a list of their fields. */
export const entityOutputFields: INodeProperties[] = outputChoice({
	simplified: 'The ten fields that matter most',
	raw: 'All that the service delivers, unchanged',
});

/** How one kind of thing becomes rows. */
export interface EntityForm<Entity> {
	/** The service's own rule for one: plain values, nothing that says nothing. */
	simplify(entity: Entity): object;
	/** What the service delivered, where an entity is more than that. */
	raw?(entity: Entity): object;
	/** Fields that have to be among the ten. */
	most?: readonly string[];
}

/** Things as output items, in the form that the item asks for. */
export function outputRows<Entity extends object>(
	{ context, itemIndex }: Pick<ItemCall, 'context' | 'itemIndex'>,
	entities: readonly Entity[],
	{ simplify, raw = (entity) => entity, most = [] }: EntityForm<Entity>,
): OutputRow[] {
	const mode = context.getNodeParameter('output', itemIndex, 'simplified') as OutputMode;
	const names =
		mode === 'selected' ? namesIn(context.getNodeParameter('fieldsToReturn', itemIndex, '')) : [];
	return entities.map((entity) => {
		const all = mode === 'raw' ? {} : (simplify(entity) as IDataObject);
		if (mode === 'raw') return { json: raw(entity) as IDataObject };
		if (mode !== 'selected') return { json: mostUseful(all, most) };
		return { json: names.length === 0 ? all : chosen(names, all, raw(entity)) };
	});
}

/** A field that was asked for and is not there is null, so that every row has the same ones. */
function chosen(names: readonly string[], simple: IDataObject, raw: object): IDataObject {
	const delivered = raw as IDataObject;
	return Object.fromEntries(
		names.map((name) => [name, simple[name] ?? delivered[name] ?? null] as const),
	);
}

/** Ten fields: names, then the identifier, then values, then what is nested, each in the service's order. */
function mostUseful(row: IDataObject, most: readonly string[]): IDataObject {
	const rank = ([name, value]: [string, unknown]) => {
		if (NAME.test(name)) return 0;
		if (OWN_ID.test(name)) return 1;
		if (most.includes(name)) return 2;
		return typeof value === 'object' && value !== null ? 4 : 3;
	};
	const fields = Object.entries(row).sort((one, other) => rank(one) - rank(other));
	return Object.fromEntries(fields.slice(0, SIMPLE_FIELDS));
}
