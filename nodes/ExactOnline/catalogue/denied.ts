import type { Method } from './types';

/** Methods that an endpoint has and the node does not offer, with the reason. */
export const DENIED: Readonly<Record<string, Partial<Record<Method, string>>>> = {
	'system/Divisions': { DELETE: 'It would delete an administration with everything in it.' },
};
