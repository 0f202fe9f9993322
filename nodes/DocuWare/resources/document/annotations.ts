/** A point or size in twips: 1,440 to an inch, 567 to a centimetre (docs/facts/docuware.md 7.4). */
export type Twips = number;

/** Where on a document something is put; pages and files count from 1, as people do. */
export interface PagePlace {
	/** Number of the file, of those that the document consists of. */
	section: number;
	page: number;
	/** 1 to 5. */
	layer: number;
	/** Number that the server has for the first page and the first file (docs/facts/docuware.md 7.4, uncertain). */
	first: 0 | 1;
}

export interface Rectangle {
	left: Twips;
	top: Twips;
	width: Twips;
	height: Twips;
}

/** How a drawn thing looks, as far as it is said. */
export interface Stroke {
	/** By name, such as `Red`. */
	color?: string | undefined;
	/** True shows what is below, as a highlighter does. */
	transparent?: boolean | undefined;
	strokeWidth?: Twips | undefined;
}

export type Annotation =
	| ({
			kind: 'text';
			text: string;
			fontName: string;
			fontSize: number;
			bold: boolean;
			italic: boolean;
	  } & Rectangle &
			Stroke)
	| ({ kind: 'rectangle'; filled: boolean; ellipse: boolean } & Rectangle & Stroke)
	| ({ kind: 'line'; fromX: Twips; fromY: Twips; toX: Twips; toY: Twips; arrow: boolean } & Stroke);

/** A value for a form field of a stamp. */
export interface StampFieldValue {
	/** The stamp's own name of it, such as `<#1>`. */
	name: string;
	/** Name of the element that holds the value, as of index fields (docs/facts/docuware.md 6.3). */
	element: 'Date' | 'DateTime' | 'Decimal' | 'Int' | 'String';
	item: string | number;
	/** As the stamp shows it; a time by the clocks of the workflow's zone. */
	shown: string;
}

export interface StampPlacement {
	stampId: string;
	/** Undefined: DocuWare looks for the best place. */
	location: { x: Twips; y: Twips } | undefined;
	/** Degrees; a multiple of 90. */
	rotation: number;
	fields: readonly StampFieldValue[];
	/** Undefined for none. */
	password: string | undefined;
}

/** Points to the twips of a font. */
const TWIPS_PER_POINT = 20;

/** What `Annotation` of a document is sent to put a stamp on it (docs/facts/docuware.md 7.3, 7.4). */
export function stampBody(place: PagePlace, stamp: StampPlacement): object {
	const { location, rotation, fields, password } = stamp;
	return placed(place, {
		$type: 'StampPlacement',
		StampId: stamp.stampId,
		Layer: place.layer,
		...(rotation === 0 ? {} : { Rotation: rotation }),
		...(location === undefined ? {} : { Location: { X: location.x, Y: location.y } }),
		Field: fields.map(({ name, element, item, shown }) => ({
			Name: name,
			TypedValue: { Item: item, ItemElementName: element },
			Value: shown,
			TextAsString: shown,
		})),
		...(password === undefined ? {} : { Password: password }),
	});
}

/** What `Annotation` of a document is sent to draw on a page of it (docs/facts/docuware.md 7.3, 7.4). */
export function annotationBody(place: PagePlace, annotations: readonly Annotation[]): object {
	return placed(place, {
		$type: 'Annotation',
		Layer: [{ Id: place.layer, Items: annotations.map(entryOf) }],
	});
}

function placed({ section, page, first }: PagePlace, item: object): object {
	return {
		Annotations: [
			{
				PageNumber: page - 1 + first,
				SectionNumber: section - 1 + first,
				AnnotationsPlacement: { Items: [item] },
			},
		],
	};
}

function entryOf(annotation: Annotation): object {
	switch (annotation.kind) {
		case 'text':
			return {
				$type: 'TextEntry',
				...strokeOf(annotation),
				Font: {
					FontName: annotation.fontName,
					Bold: annotation.bold,
					Italic: annotation.italic,
					Underlined: false,
					StrikeThrough: false,
					FontSize: Math.round(annotation.fontSize * TWIPS_PER_POINT),
					Spacing: 0,
				},
				Value: annotation.text,
				Location: locationOf(annotation),
			};
		case 'rectangle':
			return {
				$type: 'RectEntry',
				...strokeOf(annotation),
				Location: locationOf(annotation),
				Filled: annotation.filled,
				Ellipse: annotation.ellipse,
			};
		case 'line':
			return {
				$type: 'LineEntry',
				...strokeOf(annotation),
				From: { X: annotation.fromX, Y: annotation.fromY },
				To: { X: annotation.toX, Y: annotation.toY },
				Arrow: annotation.arrow,
			};
	}
}

function locationOf({ left, top, width, height }: Rectangle): object {
	return { Left: left, Top: top, Width: width, Height: height };
}

function strokeOf({ color, transparent, strokeWidth }: Stroke): object {
	return {
		...(color === undefined ? {} : { Color: color }),
		...(transparent === undefined ? {} : { Transparent: transparent }),
		...(strokeWidth === undefined ? {} : { StrokeWidth: strokeWidth }),
	};
}
