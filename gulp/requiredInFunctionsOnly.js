'use strict';

const ts = require('typescript');

/**
 * Which modules a file does not need while it is loaded, because each `require` of them stands inside a
 * function.
 *
 * @param {string} code CommonJS source
 * @returns {Set<string>} what stands in the quotes of `require`
 */
function requiredInFunctionsOnly(code) {
	const atLoad = new Set();
	const inFunctions = new Set();

	function visit(node, insideFunction) {
		const specifier = requiredBy(node);
		if (specifier !== undefined) (insideFunction ? inFunctions : atLoad).add(specifier);
		const inside = insideFunction || ts.isFunctionLike(node);
		ts.forEachChild(node, (child) => visit(child, inside));
	}

	visit(ts.createSourceFile('file.js', code, ts.ScriptTarget.ES2022), false);
	return inFunctions.difference(atLoad);
}

/** @returns {string | undefined} the specifier, if the node is a `require('specifier')` */
function requiredBy(node) {
	if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression)) return undefined;
	if (node.expression.text !== 'require') return undefined;
	const [argument] = node.arguments;
	return argument && ts.isStringLiteralLike(argument) ? argument.text : undefined;
}

module.exports = { requiredInFunctionsOnly };
