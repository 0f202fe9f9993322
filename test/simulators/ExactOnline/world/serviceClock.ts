import type { ExactOnlineSwitches } from '../switches';

const DUTCH = new Intl.DateTimeFormat('sv-SE', {
	timeZone: 'Europe/Amsterdam',
	dateStyle: 'short',
	timeStyle: 'medium',
});

/**
 * What the service writes as the time of a change: its own clock, as though that were one of Greenwich
 * (docs/facts/exact-online.md 4.2).
 */
export function stampOf(
	now: number,
	{ stampClock }: Pick<ExactOnlineSwitches, 'stampClock'>,
): number {
	if (stampClock === 'greenwich') return now;
	return Date.parse(`${DUTCH.format(now).replace(' ', 'T')}Z`) + (now % 1000);
}
