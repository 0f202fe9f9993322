import type { DocuWareResource } from '../operation';
import { createLoginToken } from './createLoginToken.operation';
import { getStatus } from './getStatus.operation';
import { logOff } from './logOff.operation';
import { logOn } from './logOn.operation';
import { tokenLogOn } from './tokenLogOn.operation';

export const session: DocuWareResource = {
	name: 'Session',
	value: 'session',
	operations: [createLoginToken, getStatus, logOff, logOn, tokenLogOn],
	defaultOperation: logOn.value,
};
