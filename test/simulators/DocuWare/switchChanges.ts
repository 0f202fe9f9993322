import { READINGS } from './readings';
import type { ReadingName } from './readings';
import { defaultSwitches } from './switches';
import type { DocuWareSwitches, SwitchChanges } from './switches';
import { versionAbilities } from './versions';

/** Settings that are one of several words. */
const settings: Partial<Record<keyof DocuWareSwitches, readonly string[]>> = {
	version: Object.keys(versionAbilities),
	cookieSecure: ['auto', 'always', 'never'],
	serverCulture: ['en', 'de'],
};

/** The words that a switch takes; undefined where it takes something else. */
function choicesOf(
	name: keyof DocuWareSwitches,
	byDefault: unknown,
): readonly string[] | undefined {
	if (typeof byDefault !== 'string') return undefined;
	if (!isReading(name)) return settings[name];
	return [byDefault, ...READINGS[name].others.map(String)];
}

function isReading(name: keyof DocuWareSwitches): name is ReadingName {
	return name in READINGS;
}

/**
 * The switches after a change.
 * @throws RangeError for an unknown switch, a value of the wrong type or an unknown choice, so that
 * a misspelt switch in a test cannot pass unnoticed.
 */
export function changedSwitches(
	present: DocuWareSwitches,
	changes: SwitchChanges,
): DocuWareSwitches {
	const defaults = defaultSwitches();
	for (const [name, value] of Object.entries(changes)) {
		if (value === undefined) continue;
		if (!(name in defaults)) throw new RangeError(`There is no switch "${name}".`);
		const key = name as keyof DocuWareSwitches;
		const expected = defaults[key];
		if (typeof value !== typeof expected || Array.isArray(value) !== Array.isArray(expected)) {
			throw new RangeError(`The switch "${name}" takes a value of type ${typeof expected}.`);
		}
		const allowed = choicesOf(key, expected);
		if (allowed !== undefined && !allowed.includes(String(value))) {
			throw new RangeError(`The switch "${name}" takes one of ${allowed.join(', ')}.`);
		}
		if (typeof value === 'number' && !(Number.isFinite(value) && value >= 0)) {
			throw new RangeError(`The switch "${name}" takes a number from 0.`);
		}
	}
	for (const path of Object.keys(changes.loginTokenPaths ?? {})) {
		if (!(path in defaults.loginTokenPaths)) {
			throw new RangeError(`There is no login-token path "${path}".`);
		}
	}
	const given = Object.fromEntries(
		Object.entries(changes).filter(([, value]) => value !== undefined),
	) as SwitchChanges;
	return {
		...present,
		...given,
		namedLicences: [...(given.namedLicences ?? present.namedLicences)],
		loginTokenPaths: { ...present.loginTokenPaths, ...given.loginTokenPaths },
		perMinuteLimits: {
			...present.perMinuteLimits,
			...Object.fromEntries(
				Object.entries(given.perMinuteLimits ?? {}).map(([path, limit]) => [
					path.toLowerCase(),
					limit,
				]),
			),
		},
	};
}
