'use strict';

const MINUTE = 60_000;

/**
 * One jest project per kind of test; `npm run test:unit`, `test:model`, `test:integration`,
 * `test:e2e`, `test:editor`, `test:chaos` and `test:fleet` select one each; `test:versions` selects `versions` and files
 * of `e2e`. Times are upper limits for a test that hangs, not
 * expectations.
 */
function project(name, testLimitMs) {
	return {
		displayName: name,
		rootDir: __dirname,
		testEnvironment: 'node',
		testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
		globals: { testLimitMs },
		setupFiles: ['<rootDir>/test/support/noStartToken.js'],
		setupFilesAfterEnv: ['<rootDir>/test/support/timeLimit.js'],
		transform: {
			'^.+\\.ts$': [
				'<rootDir>/test/support/transformTypeScript.js',
				{ tsconfig: '<rootDir>/tsconfig.test.json' },
			],
		},
		modulePathIgnorePatterns: [
			'<rootDir>/dist/',
			'<rootDir>/.demo/',
			'<rootDir>/.cache/',
			'<rootDir>/test/n8nHost/node_modules/',
		],
	};
}

module.exports = {
	projects: [
		project('unit', MINUTE / 2),
		project('model', 15 * MINUTE),
		project('integration', 2 * MINUTE),
		project('e2e', 5 * MINUTE),
		project('editor', 5 * MINUTE),
		project('chaos', 15 * MINUTE),
		project('fleet', 20 * MINUTE),
		project('versions', 5 * MINUTE),
	],
	testSequencer: '<rootDir>/test/support/longestFirst.js',
	cacheDirectory: '<rootDir>/.cache/jest',
};
