import { docuWareError } from '../../platform/docuWareErrors';

const TIME_SPAN = /^(?:(\d{1,4})|(?:(\d{1,4})\.)?(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,7}))?)?)$/;

const DAY_MS = 86_400_000;

/**
 * Life over which a warning is given: the maximum that KBA-36718 names
 * (docs/facts/docuware.md 4.2).
 */
const WARN_DAYS = 28;

const MAX_DAYS = 365;

/** A checked life of a login token. */
export interface Lifetime {
	/** As sent: a .NET TimeSpan. */
	text: string;
	ms: number;
	warnings: string[];
}

/**
 * Checks the life of a login token: `d`, `hh:mm[:ss[.fff]]` or `d.hh:mm:ss[.fff]`; a bare number means days
 * (docs/facts/docuware.md 4.2).
 * @throws ConnectorError DOCUWARE_LIFETIME_INVALID
 */
export function readLifetime(typed: string): Lifetime {
	const match = TIME_SPAN.exec(typed.trim());
	if (match === null) throw invalid(typed, 'is not a time span');
	const [, bareDays, days, hours = '0', minutes = '0', seconds = '0', fraction = ''] = match;
	const parts = [Number(bareDays ?? days ?? 0), Number(hours), Number(minutes), Number(seconds)];
	const [d = 0, h = 0, m = 0, s = 0] = parts;
	if (h > 23 || m > 59 || s > 59) throw invalid(typed, 'is not a time span');
	const ms =
		d * DAY_MS + ((h * 60 + m) * 60 + s) * 1000 + Math.round(Number(`0.${fraction}0`) * 1000);
	if (ms <= 0) throw invalid(typed, 'is no time at all');
	if (ms > MAX_DAYS * DAY_MS) throw invalid(typed, `is longer than ${MAX_DAYS} days`);
	return {
		text: `${d}.${two(h)}:${two(m)}:${two(s)}${Number(fraction) > 0 ? `.${fraction}` : ''}`,
		ms,
		warnings:
			ms > WARN_DAYS * DAY_MS
				? [
						`The life of the login token is over ${WARN_DAYS} days; some DocuWare servers shorten ` +
							'it without saying so.',
					]
				: [],
	};
}

function invalid(typed: string, problem: string): Error {
	return docuWareError(
		'DOCUWARE_LIFETIME_INVALID',
		`The lifetime "${typed.trim().slice(0, 40)}" of the login token ${problem}.`,
		'Write it as days.hours:minutes:seconds, for instance 1.00:00:00 for one day or ' +
			'00:30:00 for half an hour; at most 365 days.',
	);
}

function two(value: number): string {
	return String(value).padStart(2, '0');
}
