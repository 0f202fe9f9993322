import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { ItemCall, OutputRow } from './operation';

/** n8n's own switch: entities as a workflow wants them, or as the service delivered them. */
export const simplifyField: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
};

/**
 * Entities as output items, simplified unless the item switches *Simplify* off.
 *
 * @param simplify the service's own rule for one entity
 */
export function entityRows<Entity extends object>(
	{ context, itemIndex }: Pick<ItemCall, 'context' | 'itemIndex'>,
	entities: readonly Entity[],
	simplify: (entity: Entity) => object,
): OutputRow[] {
	const simple = context.getNodeParameter('simplify', itemIndex, true) === true;
	return entities.map((entity) => ({ json: (simple ? simplify(entity) : entity) as IDataObject }));
}
