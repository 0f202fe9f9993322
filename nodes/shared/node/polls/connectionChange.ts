import { isRecord } from '../../http';

/** How the connection of a credential stands. */
export type ConnectionState = 'well' | 'endsSoon' | 'broken';

/** What was told of a connection, as it stands in the vault. */
export interface ConnectionNote {
	/** What was told last; well before anything was told. */
	state: ConnectionState;
	/** When each state was told last (ms since the epoch). */
	told: Partial<Record<ConnectionState, number>>;
}

const DAY_MS = 86_400_000;

const STATES: readonly ConnectionState[] = ['well', 'endsSoon', 'broken'];

/**
 * Whether a state is told now: each change is, and each state at most once a day, so that a connection that comes and
 * goes does not start a workflow all the time: three times a day at most. The states do not hold one another back, else nobody
 * would hear for a day of a connection that breaks on the day on which it was said to end soon. What was held back is told
 * after the day if it still holds.
 * @param now ms since the epoch
 * @returns the next note; undefined where there is nothing to be told
 */
export function changeToTell(
	note: ConnectionNote,
	state: ConnectionState,
	now: number,
): ConnectionNote | undefined {
	if (note.state === state) return undefined;
	const last = note.told[state];
	if (last !== undefined && Math.abs(now - last) < DAY_MS) return undefined;
	return { state, told: { ...note.told, [state]: now } };
}

/** A note as it was stored; anything else is none. */
export function readConnectionNote(value: unknown): ConnectionNote {
	const { state, told } = isRecord(value) ? value : {};
	const times = isRecord(told) ? told : {};
	return {
		state: STATES.find((one) => one === state) ?? 'well',
		told: Object.fromEntries(
			STATES.flatMap((one) => (typeof times[one] === 'number' ? [[one, times[one]]] : [])),
		),
	};
}
