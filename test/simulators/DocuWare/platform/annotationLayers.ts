import { isRecord } from '../../shared/requestBody';
import { InvalidValue } from '../world/sentValues';
import type { StoredDocument } from '../world/documents';

/** A page of a section, both from 0. */
export interface Page {
	section: number;
	page: number;
}

/** What is to be placed, changed (with the id of one that is there) or deleted. */
export interface AnnotationChange {
	kind: 'place' | 'delete';
	id?: string;
	page: Page;
	layer: number;
	entry: Record<string, unknown>;
	text: string;
}

/** Members that an entry of a layer must have (docs/facts/docuware.md 7.4). */
const neededMembers: Readonly<Record<string, readonly string[]>> = {
	TextEntry: ['Value', 'Location'],
	RectEntry: ['Location'],
	LineEntry: ['From', 'To'],
	PolyLineEntry: ['Point'],
	DeleteEntry: ['Id'],
};

const mostLayers = 5;

/** The entries of `{"$type":"Annotation","Layer":[…]}` (7.3, 7.4). */
export function readLayers(
	document: StoredDocument,
	page: Page,
	{ Layer: layers }: Record<string, unknown>,
): AnnotationChange[] {
	if (!Array.isArray(layers) || layers.length === 0 || layers.length > mostLayers) {
		throw new InvalidValue(`An annotation has one to ${mostLayers} layers.`);
	}
	return layers.flatMap((layer: unknown) => {
		const number = layerNumber(isRecord(layer) ? layer['Id'] : undefined);
		const items: unknown = isRecord(layer) ? layer['Items'] : undefined;
		if (!Array.isArray(items) || items.length === 0) {
			throw new InvalidValue(`The layer ${number} has no Items.`);
		}
		return items.map((item) => readEntry(document, page, number, item));
	});
}

/** A layer from 1 to 5, as a number or as a text; the vendor's sample counts from 0. */
export function layerNumber(sent: unknown): number {
	const number = typeof sent === 'string' && /^\d$/.test(sent) ? Number(sent) : sent;
	if (typeof number !== 'number' || number < 0 || number > mostLayers) {
		throw new InvalidValue(`'${String(sent)}' is no layer.`);
	}
	return number;
}

function readEntry(
	document: StoredDocument,
	page: Page,
	layer: number,
	item: unknown,
): AnnotationChange {
	const type = isRecord(item) ? String(item['$type']) : '';
	const needed = neededMembers[type];
	if (!isRecord(item) || needed === undefined) {
		throw new InvalidValue(`'${type}' is no entry of an annotation.`);
	}
	const missing = needed.find((name) => memberOf(item, name) === undefined);
	if (missing !== undefined) throw new InvalidValue(`${type} needs ${missing}.`);
	const location = item['Location'];
	if (location !== undefined && !isPlace(location, ['Left', 'Top', 'Width', 'Height'])) {
		throw new InvalidValue(`The Location of ${type} needs Left, Top, Width and Height.`);
	}
	for (const end of ['From', 'To']) {
		if (item[end] !== undefined && !isPlace(item[end], ['X', 'Y'])) {
			throw new InvalidValue(`The ${end} of ${type} needs X and Y.`);
		}
	}
	const id = memberOf(item, 'Id');
	if (id !== undefined && !document.annotations.some((one) => one.id === id)) {
		throw new InvalidValue(`There is no annotation '${String(id)}'.`);
	}
	const { Value: value } = item;
	return {
		kind: type === 'DeleteEntry' ? 'delete' : 'place',
		...(typeof id === 'string' ? { id } : {}),
		page,
		layer,
		entry: withDefaults(type, item),
		text: typeof value === 'string' ? value : type,
	};
}

/** WS writes `id` where PM writes `Id`. */
function memberOf(item: Record<string, unknown>, name: string): unknown {
	const found = Object.entries(item).find(([key]) => key.toLowerCase() === name.toLowerCase());
	return found?.[1] ?? undefined;
}

function isPlace(place: unknown, members: readonly string[]): boolean {
	return isRecord(place) && members.every((name) => !Number.isNaN(Number(place[name] ?? NaN)));
}

function withDefaults(type: string, item: Record<string, unknown>): Record<string, unknown> {
	const own = type === 'RectEntry' ? { Filled: true, Ellipse: false } : {};
	const arrow = type === 'LineEntry' ? { Arrow: false } : {};
	return { Transparent: false, StrokeWidth: 20, Rotation: 0, ...own, ...arrow, ...item };
}
