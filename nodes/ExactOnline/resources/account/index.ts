import type { Resource } from '../operation';
import { getAccount } from './get.operation';
import { getManyAccounts } from './getMany.operation';

export const account: Resource = {
	name: 'Account',
	value: 'account',
	endpoint: 'crm/Accounts',
	operations: [getAccount, getManyAccounts],
	defaultOperation: getManyAccounts.value,
};
