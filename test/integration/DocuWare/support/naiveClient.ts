import type { DocuWareSimulator } from '../../../simulators/DocuWare';

/**
 * What a workflow does without this package: logs on for each run, asks something, logs off.
 * @returns the status of the log-on.
 */
export async function naiveRun(simulator: DocuWareSimulator): Promise<number> {
	const base = `${simulator.url}/DocuWare/Platform`;
	const user = simulator.world.users[0]!;
	const headers = { Accept: 'application/json', 'User-Agent': 'naive client' };
	const loggedOn = await fetch(`${base}/Account/Logon`, {
		method: 'POST',
		headers,
		body: new URLSearchParams({ UserName: user.name, Password: user.password }),
	});
	const cookie = loggedOn.headers
		.getSetCookie()
		.map((line) => line.split(';')[0] ?? '')
		.filter((pair) => !pair.endsWith('='))
		.join('; ');
	if (loggedOn.status !== 200) return loggedOn.status;
	await fetch(`${base}/Organizations`, { headers: { ...headers, Cookie: cookie } });
	await fetch(`${base}/Account/LogOff`, { headers: { ...headers, Cookie: cookie } });
	return loggedOn.status;
}
