'use strict';

/**
 * Which tests `npm test` runs once more, with all harder readings of the services together
 * (docs/readings.md): token chains and DocuWare sessions.
 */

const folders = ['ExactOnline/auth', 'ExactOnline/faults', 'DocuWare'];

/** Test files in these folders, or folders, that are left out, and why. */
const exceptions = {
	'ExactOnline/faults/failOver': 'needs two PostgreSQL servers, whose protocol no reading changes',
	'ExactOnline/auth/readings': 'plays each reading by itself',
	'DocuWare/readings': 'plays each reading by itself',
	'DocuWare/dataReadings': 'plays each reading by itself',
	'DocuWare/documents/actionReadings': 'plays each reading by itself',
	'DocuWare/documents/fileReadings': 'plays each reading by itself',
	'DocuWare/webhookReadings': 'plays each reading by itself',
	'DocuWare/trigger/timeReadings': 'plays each reading by itself',
	'DocuWare/trigger/killedPoll': 'kills processes, which no reading changes',
	'DocuWare/trigger/killedReceiver': 'kills processes, and starts no simulator',
	'DocuWare/documents/killedUpload': 'kills processes, which no reading changes',
};

const leftOut = Object.keys(exceptions).join('|');

/** For jest: the test files in the folders but the exceptions. */
const filePattern = `test/integration/(?!(${leftOut})(/|\\.test))(${folders.join('|')})/`;

/** For jest: no tests on PostgreSQL, whose protocol no reading changes, and none that only wait. */
const namePattern = '^(?!.*(postgres|waits at most 20 s))';

module.exports = { exceptions, filePattern, folders, namePattern };
