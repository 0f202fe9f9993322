import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { describeResources } from '../shared/node/describeResources';
import { runNode } from '../shared/node/runNode';
import { subtitleOf } from '../shared/node/subtitle';
import * as listSearch from './methods/listSearch';
import * as loadOptions from './methods/loadOptions';
import { getWritableFields } from './methods/resourceMapping';
import { resources } from './resources';
import { exactOnlineService } from './resources/service';

const { referenceSearches, ...searches } = listSearch;

export class ExactOnline implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Exact Online',
		name: 'exactOnline',
		icon: {
			light: 'file:../../icons/exactOnline.svg',
			dark: 'file:../../icons/exactOnline.dark.svg',
		},
		group: ['transform'],
		version: 1,
		subtitle: subtitleOf(resources),
		description: 'Read and write data in Exact Online over a connection that parallel runs share',
		defaults: { name: 'Exact Online' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'exactOnlineOAuth2Api', required: true }],
		properties: describeResources(resources, 'account'),
	};

	methods = {
		listSearch: { ...searches, ...referenceSearches },
		loadOptions: { ...loadOptions },
		resourceMapping: { getWritableFields },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runNode(this, resources, exactOnlineService);
	}
}
