const STRING = String.raw`'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"`;

/** A name with members of it, such as `$json.a?.b['c']` or `$('Node').item.json.a`; nothing is called. */
const VALUE = String.raw`(?:\$\((?:${STRING})\)|[$A-Za-z_][$\w]*)(?:\??\.[$A-Za-z_][$\w]*|(?:\?\.)?\[(?:\d+|${STRING})\])*`;

const TEMPLATE = String.raw`\x60(?:[^\x60\\$]|\\.|\$(?!\{)|\$\{\s*(?:${VALUE})\s*\})*\x60`;

const OPERAND = `(?:${STRING}|${TEMPLATE}|${VALUE}|\\d+)`;

const CONCATENATION = new RegExp(`^\\s*${OPERAND}(?:\\s*\\+\\s*${OPERAND})*\\s*$`, 's');

const PARTS = new RegExp(`(${STRING})|(${TEMPLATE})|(${VALUE})`, 'gs');

const IN_TEMPLATE = new RegExp(`\\\\.|\\$\\{\\s*(${VALUE})\\s*\\}`, 'gs');

/**
 * The values that JavaScript code puts together to a text, where it does nothing else than that, by `+` or in a
 * template; none for any other code, also for a value by itself.
 */
export function concatenatedValues(code: string): string[] {
	if (!/[+`]/.test(code) || !CONCATENATION.test(code)) return [];
	return [...code.matchAll(PARTS)].flatMap(([, , template, value]) => {
		if (value !== undefined) return [value];
		const inside = template === undefined ? [] : [...template.matchAll(IN_TEMPLATE)];
		return inside.flatMap(([, one]) => (one === undefined ? [] : [one]));
	});
}
