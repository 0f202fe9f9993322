'use strict';

/**
 * Test files that have the machine to themselves in `npm test`, and why. The other files of their kinds run two
 * at a time.
 */
const alone = {
	'chaos/killTable': 'counts milliseconds between an answer and a kill',
};

/** For jest: the files of a kind that run beside each other. */
function besideOthers(kind) {
	const names = namesOf(kind);
	return names.length === 0 ? `test/${kind}/` : `test/${kind}/(?!(${names.join('|')})\\.test)`;
}

/** For jest: the files of a kind that run alone; undefined where there are none. */
function onTheirOwn(kind) {
	const names = namesOf(kind);
	return names.length === 0 ? undefined : `test/${kind}/(${names.join('|')})\\.test`;
}

function namesOf(kind) {
	return Object.keys(alone)
		.filter((path) => path.startsWith(`${kind}/`))
		.map((path) => path.slice(kind.length + 1));
}

module.exports = { alone, besideOthers, onTheirOwn };
