import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ICredentialType, INodeProperties, INodeType } from 'n8n-workflow';
import { filesBelow, projectRoot } from './support/projectFiles';

const readme = readFileSync(join(projectRoot, 'README.md'), 'utf8');
const list = readFileSync(join(projectRoot, 'docs', 'resources.md'), 'utf8');

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

/** One line of the list per resource: `- **Resource:** Operation, Operation`. */
function linesOf({ description }: INodeType): string[] {
	const fields = description.properties;
	return optionsOf(fields.find(({ name }) => name === 'resource')).map((resource) => {
		const choice = fields.find(
			({ name, displayOptions }) =>
				name === 'operation' && displayOptions?.show?.resource?.includes(resource.value),
		);
		const operations = optionsOf(choice).map(({ name }) => name);
		return `- **${resource.name}:** ${operations.join(', ')}`;
	});
}

/** The part of a text behind a line that tells of a node, up to the next such line. */
function partOf(text: string, beginning: string): string {
	const from = text.indexOf(beginning);
	if (from < 0) throw new Error(`No "${beginning}".`);
	const end = text.slice(from + beginning.length).search(/^(?:## |\*\*|_)/m);
	return text.slice(from, end < 0 ? undefined : from + beginning.length + end);
}

/** Cells of the second column of a table. */
function secondColumn(table: string): string[] {
	return [...table.matchAll(/^\|[^|]*\|([^|]*)\|/gm)].map(([, cell = '']) => cell.trim()).slice(2);
}

it('finds the nodes of both services', () => {
	expect(nodeFiles.map((file) => basename(file))).toEqual(
		expect.arrayContaining(['DocuWare.node.ts', 'ExactOnline.node.ts']),
	);
});

const isTrigger = (file: string) => file.endsWith('Trigger.node.ts');

it.each(nodeFiles.filter(isTrigger))('README names the trigger of %s', (file) => {
	expect(readme).toContain(`_${instanceOf<INodeType>(file).description.displayName}_`);
});

describe.each(nodeFiles.filter((file) => !isTrigger(file)))('%s', (file) => {
	const node = instanceOf<INodeType>(file);
	const { displayName } = node.description;

	it('has all of its operations in the list, in its order, and no others', () => {
		const lines = partOf(list, `\n## ${displayName}\n`).match(/^- .*$/gm);
		expect(lines).toEqual(linesOf(node));
	});

	it('has each of its resources once in README', () => {
		const cells = secondColumn(partOf(readme, `\n**${displayName}** (`));
		const resources = optionsOf(
			node.description.properties.find(({ name }) => name === 'resource'),
		);
		expect(cells.flatMap((cell) => cell.split(', ')).sort()).toEqual(
			resources.map(({ name }) => name).sort(),
		);
	});
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
