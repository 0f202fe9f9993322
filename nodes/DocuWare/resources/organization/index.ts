import type { DocuWareResource } from '../operation';
import { getCurrentOrganization } from './getCurrent.operation';
import { getManyOrganizations } from './getMany.operation';

export const organization: DocuWareResource = {
	name: 'Organization',
	value: 'organization',
	operations: [getCurrentOrganization, getManyOrganizations],
	defaultOperation: getManyOrganizations.value,
};
