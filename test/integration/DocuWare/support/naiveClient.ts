import type { DocuWareSimulator } from '../../../simulators/DocuWare';

const HEADERS = { Accept: 'application/json', 'User-Agent': 'naive client' };

const baseOf = (simulator: DocuWareSimulator) => `${simulator.url}/DocuWare/Platform`;

/** A log-on by hand, with further headers. */
export async function naiveLogOn(
	simulator: DocuWareSimulator,
	headers: Record<string, string> = {},
): Promise<Response> {
	const user = simulator.world.users[0]!;
	return await fetch(`${baseOf(simulator)}/Account/Logon`, {
		method: 'POST',
		headers: { ...HEADERS, ...headers },
		body: new URLSearchParams({ UserName: user.name, Password: user.password }),
	});
}

/**
 * What a workflow does without this package: logs on for each run, asks something, logs off.
 * @returns the status of the log-on.
 */
export async function naiveRun(simulator: DocuWareSimulator): Promise<number> {
	const loggedOn = await naiveLogOn(simulator);
	const cookie = loggedOn.headers
		.getSetCookie()
		.map((line) => line.split(';')[0] ?? '')
		.filter((pair) => !pair.endsWith('='))
		.join('; ');
	if (loggedOn.status !== 200) return loggedOn.status;
	const headers = { ...HEADERS, Cookie: cookie };
	await fetch(`${baseOf(simulator)}/Organizations`, { headers });
	await fetch(`${baseOf(simulator)}/Account/LogOff`, { headers });
	return loggedOn.status;
}
