/** A real n8n for tests, `npm start` and `npm run demo`. */
export * from './credentials';
export * from './environment';
export * from './executions';
export * from './freePort';
export * from './hostVersion';
export * from './laterVersion';
export * from './members';
export * from './n8nClient';
export * from './n8nHost';
export * from './n8nProcess';
export * from './nodeMethods';
export * from './packageTarball';
export * from './paths';
export * from './publication';
export * from './secretSearch';
export * from './workflows';
