const pattern = /^(-)?(?:(\d+)|(?:(\d+)\.)?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,7}))?)?)$/;

const dayMs = 86_400_000;

/**
 * Milliseconds of a .NET TimeSpan text `[-]{d | [d.]hh:mm[:ss[.fffffff]]}`; a bare number means
 * days (docs/facts/docuware.md 4.2). Undefined when the text is none.
 */
export function parseTimeSpan(text: string): number | undefined {
	const match = pattern.exec(text.trim());
	if (match === null) return undefined;
	const [, sign, bareDays, days, hours, minutes, seconds, fraction] = match;
	const factor = sign === undefined ? 1 : -1;
	if (bareDays !== undefined) return factor * Number(bareDays) * dayMs;
	const [h, m, s] = [Number(hours), Number(minutes), Number(seconds ?? 0)];
	if (h > 23 || m > 59 || s > 59) return undefined;
	const fractionMs = fraction === undefined ? 0 : Number(`0.${fraction}`) * 1000;
	return factor * (Number(days ?? 0) * dayMs + ((h * 60 + m) * 60 + s) * 1000 + fractionMs);
}
