'use strict';

/**
 * Parts of bundled libraries that this package has no use for, and what stands for each. They make code of
 * texts or write to the console, which n8n's scan of community packages refuses, and no library is to log
 * what it sends.
 */
const replacements = {
	// All engines that are supported have bind; the part builds it with `Function(...)` for those that have not.
	'function-bind': 'module.exports = Function.prototype.bind;',
	debug: 'module.exports = () => Object.assign(() => undefined, { enabled: false });',
};

/** A plugin of esbuild that bundles the replacements. */
const quietParts = {
	name: 'quiet-parts',
	setup({ onResolve, onLoad }) {
		const names = Object.keys(replacements).join('|');
		onResolve({ filter: new RegExp(`^(${names})$`) }, ({ path }) => ({
			path,
			namespace: 'quiet-parts',
		}));
		onLoad({ filter: /.*/, namespace: 'quiet-parts' }, ({ path }) => ({
			contents: replacements[path],
		}));
	},
};

module.exports = { quietParts };
