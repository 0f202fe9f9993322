import { configWithoutCloudSupport } from '@n8n/node-cli/eslint';

/**
 * The rules of `n8n-node lint` without n8n Cloud support: this package keeps files and sockets, so it is
 * made for self-hosted n8n. Code that is not published (tests, simulators, scripts) is linted too, but
 * not by the rules that are about published nodes alone.
 */
const ofPublishedNodesOnly = [
	'@n8n/community-nodes/no-dangerous-functions',
	'@n8n/community-nodes/no-hardcoded-secrets',
	'@n8n/community-nodes/no-http-request-with-manual-auth',
	'@n8n/community-nodes/require-node-api-error',
	'@n8n/community-nodes/no-silent-error-swallowing',
	'@n8n/community-nodes/missing-paired-item',
	'no-console',
];

/**
 * What is loaded at first use, by `require` inside a function: the bundled libraries, and own files that
 * extend a class of one. Everything else is imported.
 */
const loadedAtFirstUse = [
	'^axios$',
	'^pg$',
	'^tough-cookie$',
	'^proxy-from-env$',
	'^https?-proxy-agent$',
	'^\\./\\w+ProxyAgent$',
];

/** `npm run typecheck` checks all code in one go, so the globals of jest have a type everywhere. */
const globalsOfTests = [
	'afterAll',
	'afterEach',
	'beforeAll',
	'beforeEach',
	'describe',
	'expect',
	'it',
	'jest',
	'test',
];

export default [
	{ ignores: ['dist/', 'coverage/', '.demo/', '.cache/', 'test/n8nHost/node_modules/'] },
	...configWithoutCloudSupport,
	{
		files: ['test/**/*.ts', 'bench/**/*.ts', 'scripts/**/*.ts'],
		rules: Object.fromEntries(ofPublishedNodesOnly.map((rule) => [rule, 'off'])),
	},
	{
		files: ['**/*.ts'],
		rules: {
			'@typescript-eslint/no-unused-vars': [
				'error',
				{ argsIgnorePattern: '^_', caughtErrors: 'all', ignoreRestSiblings: true },
			],
		},
	},
	{
		files: ['nodes/**/*.ts', 'credentials/**/*.ts'],
		rules: {
			'@typescript-eslint/no-require-imports': ['error', { allow: loadedAtFirstUse }],
			'no-restricted-globals': ['error', ...globalsOfTests],
		},
	},
];
