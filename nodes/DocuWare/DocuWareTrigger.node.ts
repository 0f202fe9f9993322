import {
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
} from 'n8n-workflow';
import { outputsOf } from '../shared/node/polls/connectionOutput';
import { runPoll } from '../shared/node/pollFrame';
import { subtitleOfChoices } from '../shared/node/subtitle';
import { testDocuWareCredential, testLoginTokenCredential } from './auth/credentialTests';
import { cabinetSearches } from './methods/listSearch';
import { getDocumentFields } from './methods/loadOptions';
import { searchOptions } from './methods/searchOptions';
import { valueSearches } from './methods/valueSearch';
import { docuWareCredentials } from './resources/common/authenticationField';
import { documentPolls } from './trigger/polling/pollDocuments';
import { eventChoices, triggerFields } from './trigger/polling/triggerFields';

/** Starts workflows by polling; DocuWare's webhooks and validations are for *DocuWare Webhook Trigger*. */
export class DocuWareTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'DocuWare Trigger',
		name: 'docuWareTrigger',
		icon: {
			light: 'file:../../icons/docuWare.svg',
			dark: 'file:../../icons/docuWare.dark.svg',
		},
		group: ['trigger'],
		version: 1,
		subtitle: subtitleOfChoices('events', eventChoices),
		description: 'Starts the workflow when documents are stored or changed in DocuWare',
		defaults: { name: 'DocuWare Trigger' },
		polling: true,
		inputs: [],
		outputs: outputsOf('Documents'),
		credentials: docuWareCredentials,
		properties: triggerFields,
	};

	methods = {
		credentialTest: { testDocuWareCredential, testLoginTokenCredential },
		loadOptions: { getDocumentFields, ...searchOptions },
		listSearch: { ...cabinetSearches, ...valueSearches },
	};

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await runPoll(this, documentPolls);
	}
}
