export {
	ExactOnlineSimulator,
	type ExactOnlineSimulatorOptions,
	type HoldPoint,
} from './exactOnlineSimulator';
export { CONTROL_PREFIX } from './control/controlInterface';
export { connectThroughBrowser } from './control/connect';
export type { ExactOnlineCounters } from './counters';
export { chainKey, type ChainStatus, type IssuedTokens } from './oauth/chains';
export type { LogEntry, RequestMoment } from './requestLog';
export type { ExactOnlineSwitches } from './switches';
export { endpointFacts } from './world/endpointFacts';
export { padCode, type EntityTable, type TableContext } from './world/entityTable';
export {
	DEFAULT_APPS,
	defaultDivisionCodes,
	defaultUsers,
	FIRST_DIVISION,
	webhookSecretOf,
	type SimulatedApp,
	type SimulatedUser,
} from './world/people';
export { unpaidInvoices } from './world/unpaidInvoices';
export { FORGED_KEY, type DeliveryFlaw, type DeliveryForm } from './webhooks/deliveryText';
export type { AskedDelivery, Delivery } from './webhooks/webhooks';
export type { WorldOptions } from './world/world';
