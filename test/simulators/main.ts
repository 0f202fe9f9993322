import { parseArgs } from 'node:util';

import { startDocuWareSimulator } from './DocuWare';
import {
	DEFAULT_APPS,
	ExactOnlineSimulator,
	webhookSecretOf,
	type ExactOnlineSwitches,
} from './ExactOnline';

/**
 * `npm run simulators`: starts the simulators and prints where they are and who can log in.
 * Flags (or environment variables):
 * - `--exact-port` (`EXACT_SIMULATOR_PORT`, 4010), `--docuware-port` (`DOCUWARE_SIMULATOR_PORT`, 4020)
 * - `--host` (`SIMULATOR_HOST`, 127.0.0.1)
 * - `--token-life` (`EXACT_TOKEN_LIFE`, 600): seconds; everything else is scaled by it
 * - `--auto-consent` (`EXACT_AUTO_CONSENT=true`): no consent page
 * - `--redirect-uri` (`EXACT_REDIRECT_URI`), repeatable: further redirect URIs of all apps
 * - `--switch name=value`, repeatable: any switch of `ExactOnlineSwitches`
 * - `SIMULATOR_READINGS=harder`: all harder readings of docs/readings.md, of both services
 */
async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			'exact-port': { type: 'string', default: process.env.EXACT_SIMULATOR_PORT ?? '4010' },
			'docuware-port': { type: 'string', default: process.env.DOCUWARE_SIMULATOR_PORT ?? '4020' },
			host: { type: 'string', default: process.env.SIMULATOR_HOST ?? '127.0.0.1' },
			'token-life': { type: 'string', default: process.env.EXACT_TOKEN_LIFE ?? '600' },
			'auto-consent': {
				type: 'boolean',
				default: process.env.EXACT_AUTO_CONSENT === 'true',
			},
			'redirect-uri': {
				type: 'string',
				multiple: true,
				default: process.env.EXACT_REDIRECT_URI ? [process.env.EXACT_REDIRECT_URI] : [],
			},
			switch: { type: 'string', multiple: true, default: [] },
		},
	});
	const { host } = values;
	const exact = await ExactOnlineSimulator.start({
		host,
		port: Number(values['exact-port']),
		apps: DEFAULT_APPS.map((app) => ({
			...app,
			redirectUris: [...app.redirectUris, ...values['redirect-uri']],
		})),
		switches: {
			accessTokenLifeSeconds: Number(values['token-life']),
			autoConsent: values['auto-consent'],
			webhookLoopbackHttp: true,
			...readSwitches(values.switch),
		},
	});
	print(describeExactOnline(exact));
	const docuWare = await startDocuWareSimulator({ port: Number(values['docuware-port']), host });
	print(['', `DocuWare simulator: ${docuWare.url}`, ...(docuWare.describe?.() ?? [])]);
	print(['', 'Stop with Ctrl+C.']);

	const stop = (): void => {
		void Promise.all([exact.close(), docuWare.close()]).then(() => process.exit(0));
	};
	process.once('SIGINT', stop);
	process.once('SIGTERM', stop);
}

function readSwitches(pairs: readonly string[]): Partial<ExactOnlineSwitches> {
	const entries = pairs.map((pair): [string, unknown] => {
		const [name = '', ...rest] = pair.split('=');
		const value = rest.join('=');
		return [name, /^(?:-?\d+(?:\.\d+)?|true|false|null)$/.test(value) ? JSON.parse(value) : value];
	});
	return Object.fromEntries(entries) as Partial<ExactOnlineSwitches>;
}

function describeExactOnline(simulator: ExactOnlineSimulator): string[] {
	const { apps, users, divisions } = simulator.world;
	return [
		`Exact Online simulator: ${simulator.url}`,
		`  authorization URL  ${simulator.authUrl}`,
		`  access token URL   ${simulator.tokenUrl}`,
		`  control interface  ${simulator.url}/__simulator/`,
		`  access token life  ${simulator.switches.accessTokenLifeSeconds} s`,
		`  divisions          ${divisions.length}, from ${divisions[0]}`,
		'  apps:',
		...apps.map(
			(app) =>
				`    ${app.name}: client id ${app.clientId}, client secret ${app.clientSecret}, webhook secret ${webhookSecretOf(app)}`,
		),
		'  users (chosen on the consent page, no password):',
		...users.map(
			(user) => `    ${user.fullName}: ${user.userId}, divisions: ${user.divisions.length}`,
		),
	];
}

function print(lines: readonly string[]): void {
	process.stdout.write(`${lines.join('\n')}\n`);
}

main().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exit(1);
});
