import { join } from 'node:path';
import { projectRoot } from '../test/support/n8n';
import { demoOwner, startDemo } from './demoInstance';
import { listing } from './demoListing';

/**
 * `npm start`: n8n with the package loaded, both simulators, an owner account, a credential for each
 * service and the example workflows. Keeps its state in `.demo/`; Ctrl-C ends everything.
 * Environment: PORT (5678), EXACT_SIMULATOR_PORT (4010), DOCUWARE_SIMULATOR_PORT (4020),
 * EXACT_TOKEN_LIFE in s (60).
 */
async function main(): Promise<void> {
	const stopRequested = new Promise<void>((resolve) => {
		for (const signal of ['SIGINT', 'SIGTERM'] as const) {
			process.once(signal, () => {
				resolve();
				// Asked a second time, do not wait for an orderly end; n8n is ended on exit.
				process.once(signal, () => process.exit(1));
			});
		}
	});
	const demo = await startDemo({
		userFolder: join(projectRoot, '.demo'),
		port: Number(process.env.PORT ?? 5678),
		exactOnlinePort: Number(process.env.EXACT_SIMULATOR_PORT ?? 4010),
		docuWarePort: Number(process.env.DOCUWARE_SIMULATOR_PORT ?? 4020),
		tokenLifeSeconds: Number(process.env.EXACT_TOKEN_LIFE ?? 60),
		report: (line) => console.log(line),
	});
	const { host, exactOnline, workflows } = demo;
	console.log('');
	console.log(`Open     ${host.url}/home/workflows`);
	console.log(`E-mail   ${demoOwner.email}`);
	console.log(`Password ${demoOwner.password}`);
	console.log('');
	for (const line of listing(host.url, workflows)) console.log(line);
	console.log(
		`\nAccess tokens of the simulator live ${exactOnline.switches.accessTokenLifeSeconds} s ` +
			`(Exact Online: 600 s). What n8n prints goes to ${host.logFile}.`,
	);
	console.log(
		'Other ports: PORT (of n8n), EXACT_SIMULATOR_PORT and DOCUWARE_SIMULATOR_PORT, for instance PORT=5680 npm start.',
	);
	console.log('Stop with Ctrl-C; what you have changed in n8n is there again at the next start.');

	const end = await Promise.race([stopRequested, host.process.ended]);
	if (end !== undefined) {
		console.error(`n8n ended by itself; see ${host.logFile}.`);
		process.exitCode = 1;
	}
	console.log('Stopping …');
	await demo.stop();
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exit(1);
});
