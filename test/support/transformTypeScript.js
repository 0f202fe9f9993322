'use strict';

const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');

/**
 * Everything beside the file itself that its JavaScript depends on; ts-jest transforms each file on its
 * own (`isolatedModules`).
 */
const common = [
	'../../tsconfig.json',
	'../../tsconfig.test.json',
	'../../node_modules/ts-jest/package.json',
	'../../node_modules/typescript/package.json',
]
	.map((file) => readFileSync(require.resolve(file), 'utf8'))
	.join('\0');

/**
 * ts-jest for jest, without its price where nothing has changed: to compute the key of a file in jest's
 * cache, ts-jest loads the compiler, in each process that runs tests. Here the compiler is loaded
 * when a file is not in the cache.
 */
module.exports = {
	createTransformer(options) {
		let transformer;
		return {
			getCacheKey(source, path, { instrument, supportsStaticESM }) {
				const parts = [
					common,
					JSON.stringify([options, instrument, supportsStaticESM]),
					path,
					source,
				];
				return createHash('sha256').update(parts.join('\0')).digest('hex');
			},
			process(source, path, transformOptions) {
				transformer ??= require('ts-jest').default.createTransformer(options);
				return transformer.process(source, path, transformOptions);
			},
		};
	},
};
