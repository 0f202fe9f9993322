export { executeContext, type StandIn } from './executeContext';
export { locator, nodeOf, type NodeSettings } from './nodeSettings';
export { nodeContext } from './nodeContext';
export {
	hookContext,
	loadContext,
	pollContext,
	takeAsN8n,
	webhookContext,
	type DeliveryStandIn,
} from './otherContexts';
