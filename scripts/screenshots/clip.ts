/** A rectangle of the page, in CSS pixels. */
export type Bounds = Record<'x' | 'y' | 'width' | 'height', number>;

export interface Shown {
	/** What the picture shows. */
	boxes: readonly Bounds[];
	/** Left around it, in CSS pixels. */
	margin: number;
	/** Left of which nothing is shown. */
	panel: Bounds;
	/** What lies behind it is not shown. */
	limits: Bounds;
	/** Where the picture ends in place of the lowest box, and what is left below it. */
	end?: { box: Bounds; below: number };
}

/** The part of the page that a picture is cut to. */
export function clipOf({ boxes, margin, panel, limits, end }: Shown): Bounds {
	const left = Math.max(panel.x, Math.min(...boxes.map(({ x }) => x)) - margin);
	const top = Math.min(...boxes.map(({ y }) => y)) - margin;
	const ends = boxes.map(({ x, width }) => x + width);
	const right = Math.min(limits.x + limits.width - 2, Math.max(...ends) + margin);
	const lowest = Math.max(...boxes.map(({ y, height }) => y + height)) + margin;
	const bottom = end === undefined ? lowest : end.box.y + end.box.height + end.below;
	return { x: left, y: top, width: right - left, height: bottom - top };
}
