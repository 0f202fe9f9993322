import { notRun } from '../notRun';
import { hasRedis } from './redisServer';

const NO_REDIS = {
	why: 'no redis-server is on the path (Debian and Ubuntu: apt-get install redis-server, then run this again)',
	program: 'redis-server',
};

/** `it` for tests of n8n's queue mode. */
export const inQueueMode = hasRedis ? it : notRun(it.skip, NO_REDIS);

/** `describe` for tests of n8n's queue mode. */
export const describeQueueMode = hasRedis ? describe : notRun(describe.skip, NO_REDIS);
