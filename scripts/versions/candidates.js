'use strict';

/** The first n8n that calls the hook of an OAuth2 credential (docs/facts/n8n.md "Versions"). */
const FIRST_WITH_HOOK = '2.20.0';

/** How many versions are tried for one end before it is given up. */
const TRIES = 5;

/**
 * Which versions of n8n are to be tested: for each the versions to try, in order, until one can be installed. Without
 * a wish the newest, and the oldest that calls the hook.
 *
 * @param {readonly string[]} published all versions that npm has
 * @param {readonly string[]} [wanted] versions that somebody asks for
 * @returns {Array<{ name: string, versions: string[] }>}
 */
function candidates(published, wanted = []) {
	if (wanted.length > 0) return wanted.map((version) => ({ name: version, versions: [version] }));
	const upwards = published.filter((version) => /^\d+\.\d+\.\d+$/.test(version)).sort(compare);
	const withHook = upwards.filter((version) => compare(version, FIRST_WITH_HOOK) >= 0);
	return [
		{ name: 'newest', versions: upwards.toReversed().slice(0, TRIES) },
		{ name: 'oldest with the hook', versions: withHook.slice(0, TRIES) },
	];
}

/** Negative where the first version is the lower one. */
function compare(one, other) {
	const [left, right] = [one, other].map((version) => version.split('.').map(Number));
	const place = left.findIndex((number, index) => number !== right[index]);
	return place < 0 ? 0 : left[place] - right[place];
}

module.exports = { candidates };
