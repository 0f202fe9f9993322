import type { Found } from './documentMarks';
import { isUpTo, toldIn, versionName, type Mark, type PollCursor } from './pollCursor';

/** Versions that are remembered; older ones would come out as changed too, rather than the cursor grow without end. */
const MOST_VERSIONS = 10_000;

/**
 * What the event *stored* has told, for the event *changed*: of one version of a document one item comes out. The places of
 * both are read apart, in different orders, as far as a poll comes, and either may fail alone. So a changed document is left
 * to *stored* until that has told it, and what *stored* has told as changed already is remembered until *changed* has passed it.
 */
export class ToldAsStored {
	private readonly versions = new Map<string, Found['version']>();

	/** Versions that come out as stored in this poll. */
	private readonly shown = new Set<string>();

	private isTold: (mark: Mark) => boolean = () => true;

	/** @param cursor how far *stored* has been read; undefined where nobody follows it */
	follow(cursor: PollCursor | undefined): void {
		if (cursor === undefined) return;
		for (const version of cursor.storedVersions ?? [])
			this.versions.set(versionName(version), version);
		this.isTold = toldIn(cursor);
	}

	/** Notes what comes out as stored. */
	add(found: readonly Found[]): void {
		for (const { isChanged, version } of found) {
			this.shown.add(versionName(version));
			if (isChanged) this.versions.set(versionName(version), version);
		}
	}

	/**
	 * Whether a document has changed since it came out as stored.
	 * @param isFurther whether an earlier poll has read another state of it with the same time: then the time does not tell
	 */
	isNews({ isChanged, version, storedMark }: Found, isFurther: boolean): boolean {
		const name = versionName(version);
		if (this.shown.has(name) || (!isFurther && (!isChanged || this.versions.has(name))))
			return false;
		return storedMark === undefined || this.isTold(storedMark);
	}

	/**
	 * The cursor of *stored* with what is to be remembered.
	 * @param changed how far *changed* had been read before; undefined where it was not yet
	 */
	keptIn(cursor: PollCursor, changed: PollCursor | undefined): PollCursor {
		const left = [...this.versions.values()].filter((one) => !isUpTo(one, changed?.place ?? null));
		const { storedVersions: _before, ...rest } = cursor;
		return left.length === 0 ? rest : { ...rest, storedVersions: left.slice(-MOST_VERSIONS) };
	}
}
