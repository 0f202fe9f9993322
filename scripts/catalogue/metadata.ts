import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { isRecord } from '../../nodes/shared/http';

/** An entity set of a service's `$metadata`. */
export interface MetadataSet {
	keys: string[];
	/** Name to `Edm.String` and the like. */
	properties: Map<string, string>;
	/** Navigation properties: name to the entity set that they lead to, or nothing where that is not said. */
	navigation: Map<string, string | undefined>;
}

type Element = Record<string, unknown>;

const REPEATED = new Set([
	...['Schema', 'EntityType', 'PropertyRef', 'Property', 'NavigationProperty'],
	...['Association', 'End', 'EntityContainer', 'EntitySet'],
]);

/**
 * The entity sets in a service's `$metadata` (EDMX of OData 2, docs/facts/exact-online.md 4.1).
 * @throws Error if it is none
 */
export function readMetadata(xml: string): Map<string, MetadataSet> {
	if (XMLValidator.validate(xml) !== true) throw new Error('This is no XML.');
	const parser = new XMLParser({
		ignoreAttributes: false,
		attributeNamePrefix: '',
		removeNSPrefix: true,
		parseAttributeValue: false,
		processEntities: false,
		isArray: (name, _path, _isLeaf, isAttribute) => !isAttribute && REPEATED.has(name),
	});
	const document: unknown = parser.parse(xml);
	const schemas = children(child(child(document, 'Edmx'), 'DataServices'), 'Schema');
	const sets = schemas
		.flatMap((schema) => children(schema, 'EntityContainer'))
		.flatMap((container) => children(container, 'EntitySet'));
	if (sets.length === 0) throw new Error('This is no $metadata of a service: no entity set in it.');
	const types = named(schemas, 'EntityType');
	const associations = named(schemas, 'Association');
	const setOfType = new Map(sets.map((set) => [text(set, 'EntityType'), text(set, 'Name')]));
	return new Map(
		sets.map((set) => {
			const type = types.get(text(set, 'EntityType'));
			return [text(set, 'Name'), readType(type, associations, setOfType)];
		}),
	);
}

function readType(
	type: Element | undefined,
	associations: ReadonlyMap<string, Element>,
	setOfType: ReadonlyMap<string, string>,
): MetadataSet {
	const leadsTo = (navigation: Element) => {
		const ends = children(associations.get(text(navigation, 'Relationship')), 'End');
		const end = ends.find((one) => text(one, 'Role') === text(navigation, 'ToRole'));
		return end && setOfType.get(text(end, 'Type'));
	};
	return {
		keys: children(child(type, 'Key'), 'PropertyRef').map((one) => text(one, 'Name')),
		properties: new Map(
			children(type, 'Property').map((one) => [text(one, 'Name'), text(one, 'Type')]),
		),
		navigation: new Map(
			children(type, 'NavigationProperty').map((one) => [text(one, 'Name'), leadsTo(one)]),
		),
	};
}

/** Elements by the name that others call them, `Exact.Web.Api.Models.Account`. */
function named(schemas: readonly Element[], kind: string): Map<string, Element> {
	return new Map(
		schemas.flatMap((schema) =>
			children(schema, kind).map(
				(one) => [`${text(schema, 'Namespace')}.${text(one, 'Name')}`, one] as const,
			),
		),
	);
}

function child(element: unknown, name: string): unknown {
	return isRecord(element) ? element[name] : undefined;
}

function children(element: unknown, name: string): Element[] {
	const found = child(element, name);
	return Array.isArray(found) ? found.filter(isRecord) : [];
}

function text(element: Element, name: string): string {
	const value = element[name];
	return typeof value === 'string' ? value : '';
}
