import { alsoForTools } from '../../shared/node/toolOperation';
import { FIRST_CLASS } from '../catalogue/firstClass';
import { authorization } from './authorization';
import { change } from './changes';
import { withCallLimits } from './common/callLimitsField';
import { customApiCall } from './customApiCall';
import { getManyDivisions } from './division/getMany.operation';
import { me } from './me';
import type { Resource } from './operation';
import { otherEndpoint, recordResource } from './records/recordResource';
import { xmlTopic } from './xml';

/** Operations that are more than their endpoint: the divisions stand in several lists. */
const OWN_OPERATIONS = { division: [getManyDivisions] };

/** Those with data of their own and those of this node, by name. */
const named: readonly Resource[] = [
	...FIRST_CLASS.map((data) =>
		recordResource(data, data.value === 'division' ? OWN_OPERATIONS.division : []),
	),
	me,
	xmlTopic,
]
	.map(withCallLimits)
	.concat(authorization, change)
	.map(forTools)
	.sort((one, other) => (one.name < other.name ? -1 : 1));

/**
 * All resources of the node. Custom API Call is last: n8n adds an entry of that name, which leads to its own HTTP Request
 * node, to every list that does not end with it.
 */
export const resources: readonly Resource[] = [
	...named,
	...[otherEndpoint, customApiCall].map(withCallLimits).map(forTools),
];

function forTools(resource: Resource): Resource {
	return { ...resource, operations: resource.operations.map((one) => alsoForTools(one)) };
}
