import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import {
	activateWorkflow,
	callWebhook,
	chainOf,
	importWorkflow,
	webhookTrigger,
	type CredentialReference,
	type WorkflowNode,
} from '../../test/support/n8n';
import { DocuWareHost } from '../../test/e2e/support/docuWareHost';
import type { Measures } from '../exactOnline/nodes/meter';

/** Nothing of an execution is stored. */
const UNSAVED = {
	saveDataSuccessExecution: 'none',
	saveDataErrorExecution: 'none',
	saveExecutionProgress: false,
	saveManualExecutions: false,
};

/** A file cabinet of the simulator. */
const CABINET = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';

/** n8n with its binary data in files, the package, the nodes of the bench, and a simulator without limits. */
export class FilesHost {
	private runs = 0;

	private constructor(
		readonly host: DocuWareHost,
		private readonly nodes: string,
		/** Credential of the package. */
		readonly credential: CredentialReference,
		/** Session of another user, for the bare stream. */
		readonly cookie: string,
	) {}

	static async start(): Promise<FilesHost> {
		const nodes = buildNodes();
		const host = await DocuWareHost.start({
			users: 3,
			whole: true,
			env: {
				N8N_CUSTOM_EXTENSIONS: nodes,
				N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem',
				EXECUTIONS_DATA_SAVE_ON_SUCCESS: 'none',
				EXECUTIONS_DATA_SAVE_MANUAL_EXECUTIONS: 'false',
			},
		});
		host.simulator.configure({ concurrentLicences: 5 });
		const credential = await host.credential(host.newUser());
		return new FilesHost(host, nodes, credential, await sessionOf(host));
	}

	/** Address of the documents of the cabinet. */
	get documentsUrl(): string {
		return this.host.url(`FileCabinets/${CABINET}/Documents`);
	}

	/** A node of the package; parameters beside those that all have. */
	packageNode(operation: string, parameters: Record<string, unknown>): WorkflowNode {
		return {
			name: 'Under Test',
			type: 'n8n-nodes-exactonline-docuware.docuWare',
			parameters: {
				resource: 'document',
				operation,
				fileCabinetId: { __rl: true, mode: 'id', value: CABINET },
				...parameters,
			},
			credentials: { docuWareApi: this.credential },
		};
	}

	/** Measures a node behind one that makes files. */
	async measure(files: { bytes: number; count: number }, node: WorkflowNode): Promise<Measures> {
		const path = `files-${++this.runs}`;
		const made = {
			name: 'Files',
			type: 'CUSTOM.benchFile',
			parameters: { bytes: String(files.bytes), count: String(files.count) },
		};
		const nodes = [webhookTrigger(path), made, meter('start'), node, meter('end')];
		const { client } = this.host;
		const workflow = await importWorkflow(client, chainOf(path, nodes, UNSAVED));
		await activateWorkflow(client, workflow);
		const answer = await callWebhook(client, path);
		const text = await answer.text();
		if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
		return JSON.parse(text) as Measures;
	}

	async dispose(): Promise<void> {
		await this.host.dispose();
		rmSync(this.nodes, { recursive: true, force: true });
	}
}

function meter(phase: 'start' | 'end'): WorkflowNode {
	return { name: `Meter ${phase}`, type: 'CUSTOM.benchMeter', parameters: { phase } };
}

/** Logs a user on without the package. */
async function sessionOf(host: DocuWareHost): Promise<string> {
	const { name, password } = host.newUser();
	const form = { UserName: name, Password: password, Organization: '', HostID: 'bench' };
	const answer = await fetch(host.url('Account/Logon'), {
		method: 'POST',
		headers: { Accept: 'application/json' },
		body: new URLSearchParams(form),
	});
	if (!answer.ok) throw new Error(`Log-on: ${answer.status} ${await answer.text()}`);
	return answer.headers
		.getSetCookie()
		.map((line) => line.split(';')[0] ?? '')
		.filter((pair) => !pair.endsWith('='))
		.join('; ');
}

function buildNodes(): string {
	const folder = mkdtempSync(join(tmpdir(), 'bench-nodes-'));
	const own = resolve(__dirname, 'nodes');
	const exact = resolve(__dirname, '..', 'exactOnline', 'nodes');
	buildSync({
		entryPoints: [
			{ in: join(own, 'benchFile.ts'), out: 'BenchFile.node' },
			{ in: join(own, 'benchStream.ts'), out: 'BenchStream.node' },
			{ in: join(exact, 'benchMeter.ts'), out: 'BenchMeter.node' },
		],
		outdir: folder,
		bundle: true,
		platform: 'node',
		format: 'cjs',
		target: 'node22',
	});
	return folder;
}
