import { escapeMarkup, type Answer } from '../../shared/answers';
import type { EdmType, EdmValue, Row } from './edm';
import { entityUrl, type EntityShape } from './entityJson';

const DECLARATION = '<?xml version="1.0" encoding="utf-8" standalone="yes"?>';
const NAMESPACES =
	'xmlns:d="http://schemas.microsoft.com/ado/2007/08/dataservices" xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata" xmlns="http://www.w3.org/2005/Atom"';

/**
 * A list as an Atom feed: what a request without `Accept: application/json` gets,
 * docs/facts/exact-online.md 4.1.
 */
export function atomFeed(
	rows: readonly Row[],
	shape: EntityShape,
	select: readonly string[] | undefined,
	nextUrl: string | undefined,
): Answer {
	const entries = rows.map((row) => entry(row, shape, select, '')).join('');
	const next = nextUrl === undefined ? '' : `<link rel="next" href="${escapeMarkup(nextUrl)}" />`;
	return atom(
		`${DECLARATION}<feed ${NAMESPACES}><id>${escapeMarkup(shape.collectionUrl)}</id>${entries}${next}</feed>`,
	);
}

/** One entity as an Atom entry. */
export function atomEntry(
	row: Row,
	shape: EntityShape,
	select: readonly string[] | undefined,
): Answer {
	return atom(`${DECLARATION}${entry(row, shape, select, ` ${NAMESPACES}`)}`);
}

function atom(body: string): Answer {
	return { status: 200, headers: { 'content-type': 'application/atom+xml; charset=utf-8' }, body };
}

function entry(
	stored: Row,
	shape: EntityShape,
	select: readonly string[] | undefined,
	attributes: string,
): string {
	const row = shape.present?.(stored) ?? stored;
	const properties = (select ?? Object.keys(shape.fields))
		.filter((name) => !(shape.fields[name] ?? '').startsWith('Collection('))
		.map((name) => property(name, shape.fields[name] ?? 'Unknown', row[name] ?? null))
		.join('');
	return `<entry${attributes}><id>${escapeMarkup(entityUrl(row, shape))}</id><category term="${shape.typeName}" scheme="http://schemas.microsoft.com/ado/2007/08/dataservices/scheme" /><content type="application/xml"><m:properties>${properties}</m:properties></content></entry>`;
}

function property(name: string, type: EdmType, value: EdmValue): string {
	const typeAttribute = type === 'String' || type === 'Unknown' ? '' : ` m:type="Edm.${type}"`;
	if (value === null) return `<d:${name}${typeAttribute} m:null="true" />`;
	const text =
		type === 'DateTime' ? new Date(Number(value)).toISOString().slice(0, 19) : String(value);
	return `<d:${name}${typeAttribute}>${escapeMarkup(text)}</d:${name}>`;
}
