import type { DocuWareResource } from '../operation';
import { getManyOrganizations } from './getMany.operation';

export const organization: DocuWareResource = {
	name: 'Organization',
	value: 'organization',
	operations: [getManyOrganizations],
	defaultOperation: getManyOrganizations.value,
};
