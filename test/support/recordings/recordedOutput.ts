import type { Json } from './differences';
import { asJson } from './differences';
import type { Placeholders } from './placeholders';

/** Members of an output whose text a later node or a person takes up again; all others are words. */
const TAKEN_UP = [
	'sessionReference',
	'loginToken',
	'access_token',
	'token_type',
	'sessionGeneration',
	'Cookie',
	'Authorization',
	'identifier',
	'state',
	'brokenCode',
	'kind',
	'outcome',
	'usage',
	'wayIn',
	'openedBy',
	'policy',
	'engine',
	'targetProducts',
];

/**
 * What an operation or hook gives out: its members, with the text of those that are taken up again. A
 * bare text (an error code, for instance) stays too.
 */
export function recordedOutput(output: unknown, names: Placeholders): Json {
	return shapeOf(asJson(output), names, true);
}

function shapeOf(value: Json, names: Placeholders, takenUp: boolean): Json {
	if (typeof value === 'string') return takenUp ? names.inText(value) : 'string';
	if (typeof value === 'number') return 'number';
	if (Array.isArray(value)) return value.map((element) => shapeOf(element, names, takenUp));
	if (value === null || typeof value !== 'object') return value;
	return Object.fromEntries(
		Object.entries(value).map(([name, member]) => [
			name,
			shapeOf(member, names, TAKEN_UP.includes(name)),
		]),
	);
}
