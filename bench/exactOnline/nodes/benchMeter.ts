import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeType } from 'n8n-workflow';
import { describe } from './describe';
import { inside, readMeter, startMeter } from './meter';

const PACKAGE = '.n8n/nodes/node_modules/n8n-nodes-exactonline-docuware/dist/nodes/ExactOnline';

type Execute = NonNullable<INodeType['execute']>;

/** In front of the node under test it starts the meter and passes the items on; behind it tells what was measured. */
export class BenchMeter implements INodeType {
	description = describe('benchMeter', ['phase']);

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const items = this.getInputData();
		if (this.getNodeParameter('phase', 0) === 'end') {
			return [[{ json: readMeter(items) as unknown as IDataObject }]];
		}
		measureInside();
		startMeter();
		return await Promise.resolve([items]);
	}
}

let isMeasured = false;

/** The package's node tells the time inside its `execute` from now on. */
function measureInside(): void {
	if (isMeasured) return;
	isMeasured = true;
	const file = join(process.env.N8N_USER_FOLDER ?? '', PACKAGE, 'ExactOnline.node.js');
	const { ExactOnline } = createRequire(file)(file) as {
		ExactOnline: { prototype: { execute: Execute } };
	};
	const plain = ExactOnline.prototype.execute;
	ExactOnline.prototype.execute = async function (this: IExecuteFunctions, ...rest) {
		return await inside('node', async () => await plain.apply(this, rest));
	};
}
