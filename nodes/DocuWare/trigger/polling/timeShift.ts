import { ConnectorError } from '../../../shared/errors';
import { secondOf, type Mark } from './pollCursor';

/** Clocks of the world differ by steps of so much. */
export const STEP_MS = 15 * 60_000;

/** So much clocks go forward in summer (ms). */
export const SUMMER_TIME_MS = 3_600_000;

/** Between the earliest and the latest clock of the world. */
export const LONGEST_SHIFT_MS = 26 * 3_600_000;

const MOST_STEPS = LONGEST_SHIFT_MS / STEP_MS;

const REPAIR =
	'Leave Search Dialog empty, which takes the dialog of all fields. If this stays, follow the file cabinet by a webhook.';

/**
 * What is to be added to a time that the service has written so that its searches find what is as late. No source says in which
 * zone DocuWare reads the times of a search (docs/facts/docuware.md 6.2, 11.11); so a document is asked for by its own time. A
 * search that begins too early loses nothing, so it stays.
 *
 * @param known a document that is there
 * @param finds whether a search finds it that begins at a time; without one, whether it is there still
 * @param shift what was right before
 * @throws ConnectorError DOCUWARE_UNEXPECTED_ANSWER where no time finds it
 */
export async function checkedShift(
	known: Mark,
	finds: (known: Mark, from?: number) => Promise<boolean>,
	shift: number,
): Promise<number> {
	const findsAt = async (added: number) => await finds(known, secondOf(known.at) + added);
	if (await findsAt(shift)) return shift;
	if (shift !== 0 && (await findsAt(0))) return 0;
	if (!(await findsAt(-MOST_STEPS * STEP_MS))) {
		// Somebody may have deleted it, or changed it so that it is not meant any more.
		if (!(await finds(known))) return shift;
		throw new ConnectorError(
			'DOCUWARE_UNEXPECTED_ANSWER',
			`DocuWare has document ${known.id}, but a search by its own time does not find it, so new ones could be missed.`,
			{ repair: REPAIR },
		);
	}
	return await latestShift(findsAt, 0);
}

/**
 * The latest shift with which a search still finds a document: where the search begins at it.
 * @param findsAt whether it does with a shift; with the earliest one it counts as found
 * @param notAt a shift with which it does not
 */
export async function latestShift(
	findsAt: (shift: number) => Promise<boolean>,
	notAt = LONGEST_SHIFT_MS + STEP_MS,
): Promise<number> {
	let [early, late] = [-MOST_STEPS, notAt / STEP_MS];
	while (late - early > 1) {
		const middle = (early + late) >> 1;
		if (await findsAt(middle * STEP_MS)) early = middle;
		else late = middle;
	}
	return early * STEP_MS;
}

/** A service whose searches by time do not begin where they are asked to. */
export function beginsTooEarly(): ConnectorError {
	return new ConnectorError(
		'DOCUWARE_UNEXPECTED_ANSWER',
		'DocuWare gives documents that are more than a day older than those that it was asked for, again and again, so new ones are not reached.',
		{ repair: REPAIR },
	);
}
