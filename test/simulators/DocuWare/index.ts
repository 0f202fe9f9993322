export { DocuWareSimulator, startDocuWareSimulator } from './docuWareSimulator';
export type { DocuWareSimulatorOptions } from './docuWareSimulator';
export type { DocuWareCounters, GrantName, UnauthorizedReason } from './counters';
export { selfSignedCertificate } from './http/selfSignedCertificate';
export { defaultSwitches } from './switches';
export type { DocuWareSwitches, LoginTokenPath, SwitchChanges } from './switches';
export type { DocuWareVersion } from './versions';
export type { SimulatedFileCabinet } from './world/cabinets';
export { builtInClientId, defaultWorld } from './worldData';
export type {
	DocuWareWorld,
	SimulatedApp,
	SimulatedOrganization,
	SimulatedUser,
} from './worldData';
