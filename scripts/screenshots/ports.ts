import { isFree } from '../../test/support/n8n/freePort';

/** Those of `npm start`, so that addresses in the pictures are the same each time. */
const PORTS = { port: 5678, exactOnlinePort: 4010, docuWarePort: 4020 };

/**
 * Ports of an n8n whose pictures are taken.
 * @throws where something listens at one of them
 */
export async function picturePorts(): Promise<typeof PORTS> {
	for (const port of Object.values(PORTS)) {
		if (await isFree(port)) continue;
		throw new Error(`Port ${port} is taken. Pictures show addresses: end what listens there.`);
	}
	return PORTS;
}
