import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hostFolder } from './paths';

/** Where n8n names its modules (read in n8n 2.20.0 and 2.40.7). */
const LIST = ['node_modules', '@n8n', 'backend-common', 'dist', 'modules', 'modules.config.js'];

/**
 * Those of the modules that the installed n8n has: it does not start where a variable names another one. All of them
 * where its list is not found.
 */
export function knownModules(names: readonly string[]): string[] {
	const list = join(hostFolder, ...LIST);
	if (!existsSync(list)) return [...names];
	const source = readFileSync(list, 'utf8');
	return names.filter((name) => source.includes(`'${name}'`));
}
