import { customApiCall } from './customApiCall';
import { fileCabinet } from './fileCabinet';
import type { DocuWareResource } from './operation';
import { organization } from './organization';
import { session } from './session';

/** All resources of the node, by name; Custom API Call stands last (see `describeResources`). */
export const resources: readonly DocuWareResource[] = [
	fileCabinet,
	organization,
	session,
	customApiCall,
];
