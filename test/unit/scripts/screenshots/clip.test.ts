import { clipOf } from '../../../../scripts/screenshots/clip';

const box = (x: number, y: number, width: number, height: number) => ({ x, y, width, height });

const panel = box(100, 0, 400, 1000);
const limits = box(50, 0, 900, 1000);

it('shows all boxes with a margin, and nothing left of the panel', () => {
	const boxes = [box(110, 50, 300, 20), box(105, 400, 380, 30)];
	expect(clipOf({ boxes, margin: 12, panel, limits })).toEqual(box(100, 38, 397, 404));
});

it('shows nothing of what lies behind the dialog', () => {
	const { x, width } = clipOf({ boxes: [box(120, 10, 900, 20)], margin: 12, panel, limits });
	expect(x + width).toBe(948);
});

it('ends where it is told to, also where a box goes on', () => {
	const boxes = [box(110, 0, 300, 900)];
	const end = { box: box(130, 300, 200, 40), below: 24 };
	expect(clipOf({ boxes, margin: 0, panel, limits, end })).toEqual(box(110, 0, 300, 364));
});
