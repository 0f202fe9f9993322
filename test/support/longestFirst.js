'use strict';

const { relative } = require('node:path');
const Sequencer = require('@jest/test-sequencer').default;

/**
 * The test files that take longest, longest first, most of it waiting: so that none of them is what everything
 * waits for at the end. jest itself goes by the times of its last run, and without one, as in CI, by the size of files.
 */
const longest = [
	'e2e/exactOnlineRegistration',
	'e2e/exactOnlineParallel',
	'integration/ExactOnline/faults/frozenHolder',
	'e2e/exactOnlineCrash',
	'e2e/docuWareWebhookTrigger',
	'integration/ExactOnline/faults/kills',
	'integration/ExactOnline/trigger/killedPolls',
	'e2e/docuWareSessions',
	'e2e/exactOnlineSecrets',
	'integration/ExactOnline/faults/saveFaults',
	'integration/DocuWare/sessionSharing',
	'integration/ExactOnline/changes/workers',
	'e2e/exactOnlineWebhooks',
	'e2e/docuWareDocuments',
	'integration/DocuWare/storeTrouble',
	'e2e/exactOnlineTriggers',
	'e2e/exactOnlineConnection',
	'e2e/shutdown',
	'integration/ExactOnline/auth/rivals',
	'integration/DocuWare/trigger/randomKills',
	'integration/DocuWare/node/replacedSessions',
	'integration/DocuWare/licences',
	'integration/ExactOnline/faults/failOver',
	'integration/ExactOnline/api/realMinute',
	'integration/DocuWare/shutdown',
	'integration/build/loading',
	'integration/ExactOnline/auth/doubtfulAnswers',
].map((name) => `test/${name}.test.ts`);

class LongestFirst extends Sequencer {
	sort(tests) {
		const rank = ({ path, context }) => {
			const at = longest.indexOf(relative(context.config.rootDir, path));
			return at < 0 ? longest.length : at;
		};
		// The order of those that have one rank stays.
		return super.sort(tests).sort((one, other) => rank(one) - rank(other));
	}
}

module.exports = LongestFirst;
module.exports.longest = longest;
