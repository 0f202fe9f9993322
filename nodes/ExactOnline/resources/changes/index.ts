import { withCallLimits } from '../common/callLimitsField';
import type { Resource } from '../operation';
import { confirmChanges } from './confirmChanges.operation';
import { getChanges } from './getChanges.operation';

const reading = withCallLimits({
	name: 'Change',
	value: 'change',
	operations: [getChanges],
	defaultOperation: getChanges.value,
});

/** What has changed at Exact Online; confirming asks nothing of it. */
export const change: Resource = {
	...reading,
	operations: [confirmChanges, ...reading.operations],
};
