import { titleOf } from '../../nodes/ExactOnline/catalogue/words';
import exceptions from './nameExceptions.json';

/** Written with an `s` and yet one. */
const ONE = /(?:ss|us|[A-Z]S)$|^(?:Hours|Sales|Settings|Info)$/;

/** Behind these a name goes on to say how its rows are chosen. */
const RESTRICTION = /^(.+?)( (?:by|on|per) .+)$/;

/** Kinds of endpoints that repeat others. */
const KINDS: Record<string, string> = { bulk: 'Bulk', sync: 'Sync', beta: 'Beta' };

/**
 * The name of an endpoint for people: what a row of it is, singular, in the words of its path
 * (`salesinvoice/SalesInvoices` is a "Sales Invoice"), with the kind of endpoint behind it where others
 * are called the same; or what `nameExceptions.json` says.
 */
export function endpointName(path: string): string {
	const exception = (exceptions as Record<string, string>)[path];
	if (exception !== undefined) return exception;
	const parts = path.split('/');
	const kind = KINDS[parts[0] ?? ''];
	const title = titleOf(parts.at(-1) ?? path);
	const [, subject = title, restriction = ''] = RESTRICTION.exec(title) ?? [];
	return `${singular(subject)}${restriction}${kind === undefined ? '' : ` (${kind})`}`;
}

/**
 * Names of all endpoints.
 * @throws Error where two have the same name, or an exception is for none of them
 */
export function endpointNames(paths: readonly string[]): Map<string, string> {
	const names = new Map(paths.map((path) => [path, endpointName(path)]));
	const all = [...names.values()];
	const equal = paths.filter((path) => {
		const name = names.get(path) ?? '';
		return all.indexOf(name) !== all.lastIndexOf(name);
	});
	if (equal.length > 0) {
		const list = equal.map((path) => `${path} (${names.get(path)})`).join(', ');
		throw new Error(`Endpoints with the same name; add some to nameExceptions.json: ${list}`);
	}
	const stray = Object.keys(exceptions).filter((path) => !names.has(path));
	if (stray.length > 0)
		throw new Error(`nameExceptions.json names no endpoint: ${stray.join(', ')}`);
	return names;
}

/** The last word for one of what it says. */
function singular(title: string): string {
	const start = title.lastIndexOf(' ') + 1;
	return title.slice(0, start) + singularWord(title.slice(start));
}

function singularWord(word: string): string {
	if (ONE.test(word)) return word;
	if (/[^aeiou]ies$/.test(word)) return `${word.slice(0, -3)}y`;
	if (/(?:ss|x|ch|sh)es$/.test(word)) return word.slice(0, -2);
	return word.replace(/s$/, '');
}
