/** What an expression writes where it has nothing: no path has such a part on purpose. */
const NOTHING = /(?:^|[/('=,])(?:undefined|null|NaN|\[object Object\])(?=$|[/)',])/;

/** The same in a query, where `null` may be meant. */
const NOTHING_ASKED = /[=(',](?:undefined|\[object Object\])(?=$|[)',&])/;

/** A blank too is sent encoded, so it may stand; what cannot be seen may not. */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/** A text as a key of OData; a slash in it is encoded, and a single quote doubled. */
const QUOTED_KEY = /(?<=[(=,])'(?:[^'/\\]|'')*'(?=[),])/g;

/**
 * Why a path that a person typed, or an expression gave, is not sent; undefined where it may be. What an
 * address would read as something else (`..`, `#`, a `%` alone) is never guessed at.
 *
 * @param typed the path, perhaps with a query, without blanks around it
 */
export function findPathProblem(typed: string): string | undefined {
	if (UNSEEN.test(typed)) return 'holds a control character';
	if (typed.includes('#')) return 'holds a #, which has to be written %23';
	if (/%(?![0-9a-f]{2})/i.test(typed)) return 'holds a % alone, which has to be written %25';
	const [path = '', ...query] = typed.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '').split('?');
	const segments = decoded(path).split(/[/\\]/);
	// Some servers pass over a parameter (`..;a`) and blanks.
	if (segments.some((segment) => /^\s*\.{1,2}\s*(?:;.*)?$/.test(segment))) {
		return 'holds a part . or ..';
	}
	// A key may hold several slashes on end; they part nothing.
	const parts = decoded(path.replace(QUOTED_KEY, "''")).split(/[/\\]/);
	if (parts.slice(1, -1).some((part) => part.trim() === '')) {
		return 'has nothing between two slashes';
	}
	const isEmpty = NOTHING.test(path) || NOTHING_ASKED.test(query.join('?'));
	return isEmpty ? 'holds the word for an empty value' : undefined;
}

/**
 * A path as a lenient server may read it, to be compared: decoded, one slash where there are several, without
 * what some servers pass over at the end of a part, in lower case.
 */
export function lenientPath(path: string): string {
	return decoded(path)
		.replace(/;[^/]*/g, '')
		.replace(/[/\\]+/g, '/')
		.replace(/[.\s]+(?=\/|$)/g, '')
		.toLowerCase();
}

/** Decoded until nothing changes: a proxy and a server may each decode once. */
function decoded(text: string): string {
	let before = '';
	let now = text;
	for (let round = 0; round < 5 && now !== before; round++) {
		before = now;
		now = now.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
			try {
				return decodeURIComponent(run);
			} catch {
				return run;
			}
		});
	}
	return now;
}
