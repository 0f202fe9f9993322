export { DocuWareSimulator, startDocuWareSimulator } from './docuWareSimulator';
export type { DocuWareSimulatorOptions } from './docuWareSimulator';
export type { DocuWareCounters, GrantName, UnauthorizedReason } from './counters';
export { selfSignedCertificate } from './http/selfSignedCertificate';
export { defaultSwitches } from './switches';
export type { DocuWareSwitches, LoginTokenPath, SwitchChanges } from './switches';
export type { DocuWareVersion } from './versions';
export type { SimulatedFileCabinet } from './world/cabinets';
export type { ValidationOutcome } from './webhooks/validationCaller';
export type {
	AskedWebhook,
	ConfiguredWebhook,
	WebhookDelivery,
	WebhookEvent,
	WebhookFlaw,
} from './webhooks/webhookSender';
export { builtInClientId, defaultWorld, passphraseOf } from './worldData';
export type {
	DocuWareWorld,
	SimulatedApp,
	SimulatedOrganization,
	SimulatedUser,
} from './worldData';
