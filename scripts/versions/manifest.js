'use strict';

/**
 * Libraries of the time of a version. n8n brings no lock file and leaves these open, and it does not start with those
 * that npm finds for it today: `@langchain/langgraph-checkpoint` wants a later `@langchain/core` than n8n pins, and
 * `@sentry/opentelemetry` finds an `@opentelemetry/core` from before its time beside it. By major and minor number.
 */
const OF_ITS_TIME = {
	'2.20': {
		dependencies: { '@opentelemetry/core': '2.6.0' },
		overrides: {
			'@langchain/langgraph-checkpoint': '1.0.4',
			langchain: { '@langchain/langgraph': '1.2.0' },
		},
	},
};

/**
 * The package.json by which a version of n8n is installed.
 *
 * @param {{ overrides: object }} pinned that of the pinned n8n
 * @param {string} version
 */
function manifestOf(pinned, version) {
	const line = version.split('.').slice(0, 2).join('.');
	const { dependencies, overrides } = OF_ITS_TIME[line] ?? {};
	return {
		...pinned,
		dependencies: { n8n: version, ...dependencies },
		overrides: { ...pinned.overrides, ...overrides },
	};
}

module.exports = { manifestOf };
