import { basename, join } from 'node:path';
import type { ICredentialType } from 'n8n-workflow';
import { n8n } from '../../../../package.json';
import { projectRoot } from './projectFiles';

/** One of each credential type that the package brings. */
export function credentials(): ICredentialType[] {
	return n8n.credentials.map((file) => {
		const name = basename(file, '.credentials.js');
		const source = join(projectRoot, 'credentials', `${name}.credentials.ts`);
		const module = jest.requireActual<Record<string, new () => ICredentialType>>(source);
		const Type = module[name];
		if (Type === undefined) throw new Error(`${source} exports no class ${name}.`);
		return new Type();
	});
}
