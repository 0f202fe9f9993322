import type { Resource } from '../operation';
import { forget } from './forget.operation';
import { getAccessToken } from './getAccessToken.operation';
import { getStatus } from './getStatus.operation';
import { keepAlive } from './keepAlive.operation';
import { refreshNow } from './refreshNow.operation';
import { releaseRegistration } from './releaseRegistration.operation';
import { takeOverRegistration } from './takeOverRegistration.operation';

export const authorization: Resource = {
	name: 'Authorization',
	value: 'authorization',
	operations: [
		forget,
		getAccessToken,
		getStatus,
		keepAlive,
		refreshNow,
		releaseRegistration,
		takeOverRegistration,
	],
	defaultOperation: getStatus.value,
};
