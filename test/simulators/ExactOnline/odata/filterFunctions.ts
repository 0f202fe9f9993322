import type { EdmType, EdmValue } from './edm';

export interface FilterFunction {
	parameters: EdmType[];
	returns: EdmType;
	apply: (values: EdmValue[]) => EdmValue;
}

function onTexts(apply: (first: string, second: string) => EdmValue): FilterFunction['apply'] {
	return ([first = null, second = null]) =>
		first === null || second === null ? false : apply(String(first), String(second));
}

function onText(apply: (text: string) => EdmValue): FilterFunction['apply'] {
	return ([text = null]) => (text === null ? null : apply(String(text)));
}

function onDate(apply: (date: Date) => number): FilterFunction['apply'] {
	return ([ms = null]) => (ms === null ? null : apply(new Date(Number(ms))));
}

/** The functions of docs/facts/exact-online.md 4.3, with `month` and `day` beside `year`. */
export const FILTER_FUNCTIONS: Readonly<Record<string, FilterFunction>> = {
	substringof: {
		parameters: ['String', 'String'],
		returns: 'Boolean',
		apply: onTexts((part, whole) => whole.includes(part)),
	},
	startswith: {
		parameters: ['String', 'String'],
		returns: 'Boolean',
		apply: onTexts((whole, part) => whole.startsWith(part)),
	},
	endswith: {
		parameters: ['String', 'String'],
		returns: 'Boolean',
		apply: onTexts((whole, part) => whole.endsWith(part)),
	},
	trim: { parameters: ['String'], returns: 'String', apply: onText((text) => text.trim()) },
	tolower: {
		parameters: ['String'],
		returns: 'String',
		apply: onText((text) => text.toLowerCase()),
	},
	toupper: {
		parameters: ['String'],
		returns: 'String',
		apply: onText((text) => text.toUpperCase()),
	},
	year: {
		parameters: ['DateTime'],
		returns: 'Int32',
		apply: onDate((date) => date.getUTCFullYear()),
	},
	month: {
		parameters: ['DateTime'],
		returns: 'Int32',
		apply: onDate((date) => date.getUTCMonth() + 1),
	},
	day: { parameters: ['DateTime'], returns: 'Int32', apply: onDate((date) => date.getUTCDate()) },
};
