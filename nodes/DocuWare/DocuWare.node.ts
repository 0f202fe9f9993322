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
import { testDocuWareCredential, testLoginTokenCredential } from './auth/credentialTests';
import { directorySearches, getGroups, getRoles } from './methods/directorySearch';
import { cabinetSearches } from './methods/listSearch';
import {
	getDocumentFields,
	getKeywordFields,
	getListedFields,
	getMatchFields,
	getOrganizations,
} from './methods/loadOptions';
import { searchOptions } from './methods/searchOptions';
import { getIndexFields } from './methods/resourceMapping';
import { searchStamps } from './methods/stampSearch';
import { valueSearches } from './methods/valueSearch';
import { resources } from './resources';
import { authenticationField, ifChosen } from './resources/common/authenticationField';
import { docuWareService } from './resources/service';
import { validation } from './resources/validation';

/**
 * Answers to DocuWare's own question ask nothing of it, so they need no credential: Authentication has no value there,
 * and so none is asked for.
 */
const ANSWERS = { resource: [validation.value] };

export class DocuWare implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'DocuWare',
		name: 'docuWare',
		icon: {
			light: 'file:../../icons/docuWare.svg',
			dark: 'file:../../icons/docuWare.dark.svg',
		},
		group: ['transform'],
		version: 1,
		subtitle: subtitleOf(resources),
		description: 'Read and write data in DocuWare over one session that all runs share',
		defaults: { name: 'DocuWare' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		// Named here and not taken from a list: n8n's scan looks in this file for what tests a credential.
		credentials: [
			{ name: 'docuWareApi', testedBy: 'testDocuWareCredential', ...ifChosen('userPassword') },
			{ name: 'docuWareTokenApi', testedBy: 'testLoginTokenCredential', ...ifChosen('loginToken') },
			{ name: 'docuWareOAuth2Api', ...ifChosen('oAuth2') },
		],
		properties: [
			{ ...authenticationField, displayOptions: { hide: ANSWERS } },
			...describeResources(resources, 'fileCabinet'),
		],
	};

	methods = {
		credentialTest: { testDocuWareCredential, testLoginTokenCredential },
		loadOptions: {
			getDocumentFields,
			getGroups,
			getKeywordFields,
			getListedFields,
			getMatchFields,
			getOrganizations,
			getRoles,
			...searchOptions,
		},
		resourceMapping: { getIndexFields },
		listSearch: { ...directorySearches, ...cabinetSearches, ...valueSearches, searchStamps },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runNode(this, resources, docuWareService);
	}
}
