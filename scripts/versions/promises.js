'use strict';

/** What is to hold on each version of n8n, and the test files that show it. */
const promises = [
	{ what: 'n8n and what it notes of a log-in', files: ['versions/host'] },
	{ what: 'The package is loaded, updated and removed', files: ['e2e/package'] },
	{
		what: 'Exact Online: _Connect_, credential test, lists, items, examples',
		files: ['e2e/exactOnlineConnection'],
	},
	{
		what: 'Exact Online: one refresh for all, the HTTP Request node included',
		files: ['e2e/exactOnlineParallel'],
	},
	{
		what: 'Exact Online: duplicates, reconnects, lost answers, error texts',
		files: ['e2e/exactOnlineRegistration'],
	},
	{
		what: 'DocuWare: sessions, licences, the HTTP Request node',
		files: ['e2e/docuWareSessions'],
	},
	{
		what: 'Triggers that poll',
		files: ['e2e/docuWareTrigger'],
	},
	{
		what: 'Triggers that are called, and one more that polls',
		files: ['e2e/exactOnlineTriggers', 'e2e/docuWareWebhookTrigger'],
	},
];

module.exports = { promises };
