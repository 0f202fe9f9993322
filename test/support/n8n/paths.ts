import { join, resolve } from 'node:path';

/** The checkout. */
export const projectRoot = resolve(__dirname, '../../..');

/** Name of the package, also of its folder in n8n. */
export const packageName = 'n8n-nodes-exactonline-docuware';

/** Folder of the private package that pins n8n; `npm run test:versions` names that of another version. */
export const hostFolder = process.env.N8N_HOST_FOLDER ?? join(projectRoot, 'test', 'n8nHost');

/** Start file of the installed n8n. */
export const n8nCli = join(hostFolder, 'node_modules', 'n8n', 'bin', 'n8n');

/** Files that may be thrown away at any time; git-ignored. */
export const cacheFolder = join(projectRoot, '.cache');
