import { customApiCall } from './customApiCall';
import { document } from './document';
import { fileCabinet } from './fileCabinet';
import { group } from './group';
import type { DocuWareResource } from './operation';
import { organization } from './organization';
import { role } from './role';
import { session } from './session';
import { user } from './user';

/** All resources of the node, by name; Custom API Call stands last (see `describeResources`). */
export const resources: readonly DocuWareResource[] = [
	document,
	fileCabinet,
	group,
	organization,
	role,
	session,
	user,
	customApiCall,
];
