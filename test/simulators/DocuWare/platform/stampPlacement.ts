import { isRecord } from '../../shared/requestBody';
import type { SimulatedFileCabinet, SimulatedStamp } from '../world/cabinets';
import { tinyPng } from '../world/renderings';
import { InvalidValue } from '../world/sentValues';
import { layerNumber } from './annotationLayers';
import type { AnnotationChange, Page } from './annotationLayers';
import { plainFont } from './stamps';

/** A stamp that the user may not place, or not with this password: 403. */
export class ForbiddenStamp extends Error {}

const mostFields = 5;
const rotations = [0, 90, 180, 270];

/** A `StampPlacement` (docs/facts/docuware.md 7.3, 7.4); without `Location` the server finds a place. */
export function readStampPlacement(
	{ stamps = [] }: SimulatedFileCabinet,
	page: Page,
	item: Record<string, unknown>,
): AnnotationChange {
	const stamp = stamps.find(({ id }) => id === item['StampId']);
	if (stamp === undefined) {
		throw new InvalidValue(`There is no stamp '${String(item['StampId'])}'.`);
	}
	if (stamp.password !== undefined && item['Password'] !== stamp.password) {
		throw new ForbiddenStamp(`The password of the stamp '${stamp.name}' is wrong.`);
	}
	const rotation = item['Rotation'] ?? 0;
	if (!rotations.includes(Number(rotation))) {
		throw new InvalidValue(`'${String(rotation)}' is not valid Rotation`);
	}
	const texts = readFields(stamp, item['Field']);
	const { x, y } = placeOf(item['Location']);
	return {
		kind: 'place',
		page,
		layer: layerNumber(item['Layer'] ?? 1),
		text: [stamp.name, ...texts].join(' '),
		entry: {
			$type: 'StampEntry',
			PngData: tinyPng.toString('base64'),
			DpiX: 96,
			DpiY: 96,
			Location: { Left: x, Top: y, Width: 2880, Height: 1440 },
			HeadFont: plainFont,
			Signature: 'None',
			Visible: true,
			Frame: true,
			ShowUser: true,
			ShowDate: true,
			ShowTime: true,
			Color: 'Red',
			Rotation: Number(rotation),
			Transparent: false,
			StrokeWidth: 20,
		},
	};
}

/** The texts of the fields; what is mandatory must be there, what is unknown must not. */
function readFields({ name, formFields }: SimulatedStamp, sent: unknown): string[] {
	const fields: unknown[] = Array.isArray(sent) ? sent : [];
	if (fields.length > mostFields) {
		throw new InvalidValue(`A stamp takes at most ${mostFields} fields.`);
	}
	const values = new Map<string, string>();
	for (const field of fields) {
		const own = isRecord(field) ? formFields.find((one) => one.name === field['Name']) : undefined;
		if (!isRecord(field) || own === undefined) {
			const named = isRecord(field) ? String(field['Name']) : '';
			throw new InvalidValue(`The stamp '${name}' has no field '${named}'.`);
		}
		const value = valueOf(field);
		if (value.length > own.length) {
			throw new InvalidValue(`The field '${own.name}' takes at most ${own.length} characters.`);
		}
		values.set(own.name, value);
	}
	const missing = formFields.find((one) => one.notEmpty && (values.get(one.name) ?? '') === '');
	if (missing !== undefined) throw new InvalidValue(`The field '${missing.name}' is mandatory.`);
	return [...values.values()];
}

/** PM sends the value three times over; what is shown is the text. */
function valueOf({
	TypedValue: typed,
	Value: value,
	TextAsString: text,
}: Record<string, unknown>): string {
	const item = isRecord(typed) ? typed['Item'] : undefined;
	return [text, value, item].map((one) => (typeof one === 'string' ? one : '')).find(Boolean) ?? '';
}

function placeOf(location: unknown): { x: number; y: number } {
	if (location === undefined || location === null) return { x: 500, y: 500 };
	const [x, y] = isRecord(location) ? [Number(location['X']), Number(location['Y'])] : [NaN, NaN];
	if (Number.isNaN(x) || Number.isNaN(y)) throw new InvalidValue('The Location needs X and Y.');
	return { x, y };
}
