import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { NodeHelpers, type INodeParameters, type INodeType } from 'n8n-workflow';
import { nodeOf } from '../../support/n8nContext';
import { filesBelow, projectRoot } from './support/projectFiles';

/** Each node of the package by its name, as package.json lists them. */
const nodeTypes = new Map(publishedNodes().map((node) => [node.description.name, node]));

const files = filesBelow('examples', '.json');

interface ExampleNode {
	name: string;
	type: string;
	parameters: INodeParameters;
	credentials?: Record<string, { id: string; name: string }>;
}

interface Example {
	nodes: ExampleNode[];
	connections: Record<string, { main: Array<Array<{ node: string }>> }>;
}

function publishedNodes(): INodeType[] {
	const { n8n } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
		n8n: { nodes: string[] };
	};
	return n8n.nodes.map((file) => {
		const source = file.replace(/^dist\//, '').replace(/\.js$/, '');
		const module = jest.requireActual<Record<string, new () => INodeType>>(
			join(projectRoot, source),
		);
		const Node = module[basename(source, '.node')];
		if (Node === undefined) throw new Error(`${source} has no class of its name.`);
		return new Node();
	});
}

/** Fields that n8n adds to a node that polls. */
const OF_N8N = ['pollTimes'];

/** Parameters that are no field of the node, or are not shown with these values. */
function unknownParameters({ description }: INodeType, parameters: INodeParameters): string[] {
	const shown = nodeOf({ description, parameters }).parameters;
	return Object.keys(parameters).filter((name) => !(name in shown) && !OF_N8N.includes(name));
}

/** Credentials that the node asks for with these values. */
function neededCredentials({ description }: INodeType, parameters: INodeParameters): string[] {
	const node = nodeOf({ description, parameters });
	return (description.credentials ?? [])
		.filter((one) => NodeHelpers.displayParameter(node.parameters, one, node, description))
		.map(({ name }) => name);
}

describe.each(files)('%s', (file) => {
	const { nodes, connections } = JSON.parse(
		readFileSync(join(projectRoot, file), 'utf8'),
	) as Example;
	const ours = nodes.flatMap((node) => {
		const type = nodeTypes.get(node.type.replace(/^n8n-nodes-exactonline-docuware\./, ''));
		return type === undefined ? [] : [{ ...node, node: type }];
	});

	it('uses what the nodes have, and has nothing of its author in it', () => {
		const httpRequest = nodes.filter(({ type }) => type === 'n8n-nodes-base.httpRequest');
		expect(ours.length + httpRequest.length).toBeGreaterThan(0);
		for (const { name, parameters, credentials = {}, node } of ours) {
			expect({ name, unknown: unknownParameters(node, parameters) }).toEqual({ name, unknown: [] });
			const needed = neededCredentials(node, parameters).sort();
			expect({ name, needed: Object.keys(credentials).sort() }).toEqual({ name, needed });
			for (const { id } of Object.values(credentials)) expect(id).toBe('');
		}
	});

	it('says what it does, and connects nodes that it has', () => {
		expect(nodes.some(({ type }) => type.endsWith('.stickyNote'))).toBe(true);
		const names = nodes.map(({ name }) => name);
		expect(new Set(names).size).toBe(names.length);
		const connected = Object.entries(connections).flatMap(([from, { main }]) => [
			from,
			...main.flatMap((targets) => targets.map(({ node }) => node)),
		]);
		expect(connected.filter((name) => !names.includes(name))).toEqual([]);
	});

	it('stands in the README, and is run by a test', () => {
		expect(readFileSync(join(projectRoot, 'README.md'), 'utf8')).toContain(`](${file})`);
		const tests = filesBelow('test/e2e', '.test.ts').filter((test) =>
			readFileSync(join(projectRoot, test), 'utf8').includes(basename(file)),
		);
		expect(tests.length).toBeGreaterThan(0);
	});
});
