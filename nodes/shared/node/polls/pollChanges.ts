import type { CursorPlace, KeptChange, KeptCursor } from '../keptCursors';
import { isSameJson } from './sameJson';

/** What one poll has changed of what a node keeps, so that it can be taken back. */
export class PollChanges {
	/** Places that it has made. */
	readonly places: KeptChange[] = [];

	private note: KeptChange | 'foreign' | undefined;

	/** The note that decides over all; `foreign` where somebody else has changed it between two changes of this poll. */
	get decisive(): KeptChange | 'foreign' | undefined {
		return this.note;
	}

	/** @param before undefined where there was nothing */
	began(place: CursorPlace, before: KeptCursor | undefined, left: KeptCursor): void {
		this.places.push({ place, before, left });
	}

	/** The note that decides was read, and perhaps changed. */
	decided(place: CursorPlace, found: KeptCursor | undefined, left: KeptCursor): void {
		if (isSameJson(found, left) || this.note === 'foreign') return;
		if (this.note === undefined) this.note = { place, before: found, left };
		else this.note = isSameJson(found, this.note.left) ? { ...this.note, left } : 'foreign';
	}
}
