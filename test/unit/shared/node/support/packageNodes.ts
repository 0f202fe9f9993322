import { basename, join } from 'node:path';
import type { INodeType } from 'n8n-workflow';
import { n8n } from '../../../../../package.json';

const projectRoot = join(__dirname, '../../../../..');

/** Every node that the package registers with n8n, by name of its class. */
export function packageNodes(): Array<[className: string, node: INodeType]> {
	return n8n.nodes.map((file) => {
		const name = basename(file, '.node.js');
		const source = join(projectRoot, file.replace(/^dist\//, '').replace(/\.js$/, '.ts'));
		const module = jest.requireActual<Record<string, new () => INodeType>>(source);
		const NodeClass = module[name];
		if (NodeClass === undefined) throw new Error(`${source} exports no class ${name}.`);
		return [name, new NodeClass()];
	});
}
