import { alsoForTools } from '../../shared/node/toolOperation';
import { withSessionBelow } from './common/sessionFields';
import { customApiCall } from './customApiCall';
import { document } from './document';
import { documentTray } from './documentTray';
import { fileCabinet } from './fileCabinet';
import { group } from './group';
import type { DocuWareResource } from './operation';
import { organization } from './organization';
import { role } from './role';
import { session } from './session';
import { stamp } from './stamp';
import { trashBin } from './trashBin';
import { user } from './user';
import { validation } from './validation';
import { viewerLink } from './viewerLink';
import { workflow } from './workflow';

/** All resources of the node, by name; Custom API Call stands last (see `describeResources`). */
const all: readonly DocuWareResource[] = [
	document,
	documentTray,
	fileCabinet,
	group,
	organization,
	role,
	session,
	stamp,
	trashBin,
	user,
	validation,
	viewerLink,
	workflow,
	customApiCall,
];

/** The same, for models too. */
export const resources: readonly DocuWareResource[] = all.map((resource) => ({
	...resource,
	operations: resource.operations.map((operation) =>
		alsoForTools({ ...operation, fields: withSessionBelow(operation.fields) }),
	),
}));
