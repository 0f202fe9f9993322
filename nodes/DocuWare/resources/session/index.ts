import type { DocuWareResource } from '../operation';
import { createLoginToken } from './createLoginToken.operation';
import { forget } from './forget.operation';
import { getStatus } from './getStatus.operation';
import { logOff } from './logOff.operation';
import { logOn } from './logOn.operation';
import { tokenLogOn } from './tokenLogOn.operation';

export const session: DocuWareResource = {
	name: 'Session',
	value: 'session',
	operations: [createLoginToken, forget, getStatus, logOff, logOn, tokenLogOn],
	defaultOperation: logOn.value,
};
