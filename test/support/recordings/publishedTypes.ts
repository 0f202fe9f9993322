import { readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { ICredentialType, INodeType } from 'n8n-workflow';

const projectRoot = resolve(__dirname, '../../..');

interface Manifest {
	name: string;
	scripts: Record<string, string>;
	n8n: { nodes: string[]; credentials: string[] };
}

/** package.json of the project. */
export const manifest = JSON.parse(
	readFileSync(join(projectRoot, 'package.json'), 'utf8'),
) as Manifest;

/** The node of that name, as n8n finds it: by package.json. @throws Error where there is none */
export function publishedNode(name: string): INodeType {
	const all = manifest.n8n.nodes.map((file) => instanceOf<INodeType>(file));
	return named(all, name, ({ description }) => description.name);
}

/** The credential type of that name, likewise. @throws Error where there is none */
export function publishedCredential(name: string): ICredentialType {
	const all = manifest.n8n.credentials.map((file) => instanceOf<ICredentialType>(file));
	return named(all, name, (type) => type.name);
}

function named<T>(all: readonly T[], name: string, nameOf: (one: T) => string): T {
	const found = all.find((one) => nameOf(one) === name);
	if (found === undefined) throw new Error(`The package publishes nothing named ${name}.`);
	return found;
}

/** An object of the class that a file of the build is named after, from its source. */
function instanceOf<T>(builtFile: string): T {
	const name = basename(builtFile).split('.')[0] ?? '';
	const source = join(projectRoot, builtFile.replace(/^dist\//, '').replace(/\.js$/, '.ts'));
	const module = jest.requireActual<Record<string, new () => T>>(source);
	const Type = module[name];
	if (Type === undefined) throw new Error(`${source} exports no class ${name}.`);
	return new Type();
}
