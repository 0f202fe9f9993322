import { chromium, type Browser } from 'playwright-core';
import { demoOwner, startDemo, type Demo, type DemoOptions } from '../../../scripts/demoInstance';
import { freePort, listCredentials, type CredentialReference } from '../../support/n8n';
import { Editor } from './editor';

/** Longer than tests and pictures take, in s. */
const TOKEN_LIFE_SECONDS = 3600;

/** One n8n with the data and the credentials of the demo, both simulators, and one browser. */
export interface EditorWorld {
	demo: Demo;
	/** Credentials that work, by type, as nodes name them. */
	credentials: Record<string, CredentialReference>;
	/** A window of its own. */
	open(look?: { scale?: number }): Promise<Editor>;
	/** Ends everything. */
	stop(): Promise<void>;
}

export interface EditorWorldOptions {
	/** Of Chromium. */
	executablePath: string;
	/** Wanted ports; without them any. */
	ports?: Pick<DemoOptions, 'port' | 'exactOnlinePort' | 'docuWarePort'>;
	/** Told what is being done. */
	report?: (line: string) => void;
}

export async function startEditorWorld(options: EditorWorldOptions): Promise<EditorWorld> {
	const { executablePath, report = () => {} } = options;
	const demo = await startDemo({
		...(options.ports ?? {
			port: await freePort(),
			exactOnlinePort: await freePort(),
			docuWarePort: await freePort(),
		}),
		tokenLifeSeconds: TOKEN_LIFE_SECONDS,
		report,
	});
	let browser: Browser | undefined;
	const stop = async () => {
		await browser?.close();
		await demo.stop();
	};
	try {
		const { client } = demo.host;
		browser = await chromium.launch({ executablePath });
		const started = browser;
		const credentials = await credentialsByType(demo);
		return {
			demo,
			credentials,
			open: async (look) => await Editor.open(started, client, demoOwner, look),
			stop,
		};
	} catch (error) {
		await stop();
		throw error;
	}
}

async function credentialsByType({ host }: Demo): Promise<Record<string, CredentialReference>> {
	const all = (await listCredentials(host.client)) as Array<CredentialReference & { type: string }>;
	return Object.fromEntries(all.map(({ id, name, type }) => [type, { id, name }]));
}
