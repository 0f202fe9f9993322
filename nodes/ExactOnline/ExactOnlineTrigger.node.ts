import type {
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	IPollFunctions,
} from 'n8n-workflow';
import { runPoll } from '../shared/node/pollFrame';
import { outputsOf } from '../shared/node/polls/connectionOutput';
import { subtitleOfChoices } from '../shared/node/subtitle';
import * as listSearch from './methods/listSearch';
import * as loadOptions from './methods/loadOptions';
import { CHANGED_ENTITIES } from './resources/changes/entities';
import { changePolls } from './trigger/changePolls';
import { triggerFields } from './trigger/triggerFields';

export class ExactOnlineTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Exact Online Trigger',
		name: 'exactOnlineTrigger',
		icon: {
			light: 'file:../../icons/exactOnline.svg',
			dark: 'file:../../icons/exactOnline.dark.svg',
		},
		group: ['trigger'],
		version: 1,
		subtitle: subtitleOfChoices('entity', CHANGED_ENTITIES),
		description: 'Starts the workflow when records of Exact Online are created, changed or deleted',
		defaults: { name: 'Exact Online Trigger' },
		polling: true,
		inputs: [],
		outputs: outputsOf('Records'),
		credentials: [{ name: 'exactOnlineOAuth2Api', required: true }],
		properties: triggerFields,
	};

	methods = {
		listSearch: { searchDivisions: listSearch.searchDivisions },
		loadOptions: {
			getDivisions: loadOptions.getDivisions,
			getFieldsToReturn: loadOptions.getFieldsToReturn,
		},
	};

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await runPoll(this, changePolls);
	}
}
