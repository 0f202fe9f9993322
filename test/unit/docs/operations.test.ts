import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ICredentialType, INodeProperties, INodeType } from 'n8n-workflow';
import { filesBelow, projectRoot } from './support/projectFiles';

const readme = readFileSync(join(projectRoot, 'README.md'), 'utf8');

const nodeFiles = filesBelow('nodes', '.node.ts');
const credentialFiles = filesBelow('credentials', '.credentials.ts');

/** An object of the class that a source file is named after. */
function instanceOf<T>(file: string): T {
	const name = basename(file).split('.')[0] ?? '';
	const module = jest.requireActual<Record<string, new () => T>>(join(projectRoot, file));
	const Type = module[name];
	if (Type === undefined) throw new Error(`${file} exports no class ${name}.`);
	return new Type();
}

function optionsOf(field: INodeProperties | undefined): Array<{ name: string; value: string }> {
	return (field?.options ?? []).flatMap((option) =>
		'value' in option ? [{ name: option.name, value: String(option.value) }] : [],
	);
}

/** One line of README's table per resource: `| Node | Resource | Operation, Operation |`. */
function rowsOf({ description }: INodeType): string[] {
	const fields = description.properties;
	return optionsOf(fields.find(({ name }) => name === 'resource')).map((resource) => {
		const choice = fields.find(
			({ name, displayOptions }) =>
				name === 'operation' && displayOptions?.show?.resource?.includes(resource.value),
		);
		const operations = optionsOf(choice).map(({ name }) => name);
		return [description.displayName, resource.name, operations.join(', ')].join(' | ');
	});
}

/** The rows of all tables, with their padding taken off. */
const tableRows = readme
	.split('\n')
	.filter((line) => line.startsWith('|'))
	.map((line) =>
		line
			.split('|')
			.slice(1, -1)
			.map((cell) => cell.trim())
			.join(' | '),
	);

it('finds the nodes of both services', () => {
	expect(nodeFiles.map((file) => basename(file))).toEqual(
		expect.arrayContaining(['DocuWare.node.ts', 'ExactOnline.node.ts']),
	);
});

const isTrigger = (file: string) => file.endsWith('Trigger.node.ts');

it.each(nodeFiles.filter(isTrigger))('README names the trigger of %s', (file) => {
	expect(readme).toContain(`_${instanceOf<INodeType>(file).description.displayName}_`);
});

it.each(nodeFiles.filter((file) => !isTrigger(file)))(
	'README names every resource and operation of %s',
	(file) => {
		const rows = rowsOf(instanceOf<INodeType>(file));
		expect(rows.length).toBeGreaterThan(0);
		expect(rows.filter((row) => !tableRows.includes(row))).toEqual([]);
	},
);

it('README names no operation that no node has', () => {
	const all = nodeFiles.flatMap((file) => rowsOf(instanceOf<INodeType>(file)));
	const start = tableRows.indexOf('Node | Resource | Operations');
	expect(start).toBeGreaterThan(-1);
	expect(tableRows.slice(start + 2, start + 2 + all.length).sort()).toEqual(all.sort());
});

it.each(credentialFiles)('README names the credential of %s', (file) => {
	expect(readme).toContain(`_${instanceOf<ICredentialType>(file).displayName}_`);
});

it('the guide names every field of the Exact Online credential', () => {
	const guide = readFileSync(join(projectRoot, 'docs', 'exact-online-credential.md'), 'utf8');
	const { properties } = instanceOf<ICredentialType>(
		'credentials/ExactOnlineOAuth2Api.credentials.ts',
	);
	const fields = properties.filter(({ type }) => type !== 'hidden' && type !== 'notice');
	const missing = fields.filter(({ displayName }) => !guide.includes(`| ${displayName} `));
	expect(missing.map(({ displayName }) => displayName)).toEqual([]);
});
