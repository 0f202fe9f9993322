/**
 * The rules of n8n's scan of community packages (`@n8n/scan-community-package`) on a folder, without remarks in
 * the code that switch one off. That program itself takes packages from npm only.
 *
 * `node scripts/scan.mjs <folder> [pattern…]` prints a JSON object: rule → message → places. Patterns are of files
 * in the folder; all JavaScript and JSON without them.
 */
import { resolve } from 'node:path';
import { n8nCommunityNodesPlugin } from '@n8n/eslint-plugin-community-nodes';
import * as parserModule from '@typescript-eslint/parser';
import { ESLint } from 'eslint';
import nodesBase from 'eslint-plugin-n8n-nodes-base';

const parser = parserModule.default ?? parserModule;

/** Those that n8n's scan leaves out of its second rule set. */
const leftOut = (...names) =>
	Object.fromEntries(names.map((name) => [`n8n-nodes-base/${name}`, 'off']));

const overrideConfig = [
	...[n8nCommunityNodesPlugin.configs.recommended].flat(),
	{ rules: { 'no-console': 'error' } },
	{ plugins: { 'n8n-nodes-base': nodesBase } },
	{ files: ['package.json'], rules: nodesBase.configs.community.rules },
	{
		files: ['**/credentials/**/*.ts'],
		rules: {
			...nodesBase.configs.credentials.rules,
			...leftOut(
				'cred-class-field-documentation-url-miscased',
				'cred-class-field-type-options-password-missing',
			),
		},
	},
	{
		files: ['**/nodes/**/*.ts'],
		rules: {
			...nodesBase.configs.nodes.rules,
			...leftOut(
				'node-class-description-inputs-wrong-regular-node',
				'node-class-description-outputs-wrong',
				'node-param-type-options-max-value-present',
			),
		},
	},
	{ files: ['**/*.json', '**/*.ts'], languageOptions: { parser } },
];

const [folder, ...patterns] = process.argv.slice(2);
const cwd = resolve(folder);
const eslint = new ESLint({
	cwd,
	allowInlineConfig: false,
	overrideConfigFile: true,
	overrideConfig,
});
const results = await eslint.lintFiles(patterns.length > 0 ? patterns : ['**/*.js', '**/*.json']);
const found = {};
for (const { filePath, messages } of results) {
	for (const { ruleId, severity, message, line } of messages) {
		if (severity < 2) continue;
		const places = ((found[ruleId ?? 'no rule'] ??= {})[message] ??= []);
		places.push(`${filePath.slice(cwd.length + 1)}:${line}`);
	}
}
console.log(JSON.stringify({ files: results.length, found }, undefined, 2));
