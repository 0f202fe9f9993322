import { ConnectorError } from '../../shared/errors';

/** What one item of a group says of the document as a whole. */
export interface ItemHeader {
	itemIndex: number;
	/** By name of the field, as they are sent; what is undefined or missing is not given. */
	values: Readonly<Record<string, unknown>>;
	/** The same as the item gives it, codes in the place of ids, for errors; default: the values. */
	given?: Readonly<Record<string, unknown>>;
}

/**
 * The header of the document that the items of a group make: that of the first item. An item that gives nothing
 * for a field says nothing against it; one that gives another value does.
 *
 * @param items those of one group, at least one, in their order
 * @param ofGroup names the group in the error, such as `of the group "4711"`
 * @param isLineField whether a line may have a field of that name: then a value that differs may be the line's, and
 *   *Take the First* would lose it
 * @throws ConnectorError EXACT_HEADERS_DIFFER with all such fields, the group and the items
 */
export function groupHeader(
	items: readonly ItemHeader[],
	ofGroup: string,
	differing: 'refuse' | 'takeFirst' = 'refuse',
	isLineField: (name: string) => boolean = () => false,
): Record<string, unknown> {
	const [first] = items;
	const header = given(first?.values ?? {});
	if (first === undefined) return header;
	const names = new Set(items.flatMap(({ values }) => Object.keys(given(values))));
	const asked = [...names].filter((name) => differing === 'refuse' || isLineField(name));
	const found = asked.flatMap((name) => differenceIn(name, first, items) ?? []);
	if (found.length === 0) return header;
	const ofLine = [...names].find((name) => isLineField(name) && differs(name, first, items));
	throw new ConnectorError(
		'EXACT_HEADERS_DIFFER',
		`The items ${ofGroup} give different values for the head of one document: ` +
			`${found.slice(0, SHOWN).join('; ')}${found.length > SHOWN ? '; …' : ''}. No document was made.`,
		{
			repair:
				ofLine === undefined
					? REPAIR
					: `Name what belongs to the lines "Line ${ofLine}". ${REPAIR}`,
		},
	);
}

const REPAIR =
	'Correct the data or the expression that makes the groups, or set Header Fields That Differ to ' +
	'Take the First; it holds for what a line cannot have.';

/** Fields, and items, that the error tells of. */
const SHOWN = 8;

function given(values: ItemHeader['values']): Record<string, unknown> {
	return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function differenceIn(
	name: string,
	first: ItemHeader,
	items: readonly ItemHeader[],
): string | undefined {
	const others = thatDiffer(name, first, items);
	const [other] = others;
	if (other === undefined) return undefined;
	const more = others.length === 1 ? '' : `, and differs for ${listed(others.slice(1))}`;
	const said = [first, other].map((one) => `${saidBy(one, name)} for ${listed([one])}`);
	return `${name} is ${said.join(', ')}${more}`;
}

function differs(name: string, first: ItemHeader, items: readonly ItemHeader[]): boolean {
	return thatDiffer(name, first, items).length > 0;
}

function thatDiffer(name: string, first: ItemHeader, items: readonly ItemHeader[]): ItemHeader[] {
	const mine = JSON.stringify(first.values[name]);
	return items.filter(({ values }) => {
		const theirs = JSON.stringify(values[name]);
		return theirs !== undefined && theirs !== mine;
	});
}

function saidBy({ values, given = values }: ItemHeader, name: string): string {
	return shown(JSON.stringify(given[name] ?? values[name]));
}

function listed(items: readonly ItemHeader[]): string {
	const indexes = items.slice(0, SHOWN).map(({ itemIndex }) => itemIndex);
	const list = `${indexes.join(', ')}${items.length > SHOWN ? ', …' : ''}`;
	return `item${items.length > 1 ? 's' : ''} ${list}`;
}

function shown(json: string | undefined): string {
	if (json === undefined) return 'not given';
	return json.length > 60 ? `${json.slice(0, 60)}…` : json;
}
