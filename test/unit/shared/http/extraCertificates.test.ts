import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CERTIFICATE_FILE, httpsServer } from './support/servers';

it('trusts the authority named in NODE_EXTRA_CA_CERTS', async () => {
	const server = await httpsServer((_request, response) => response.end('trusted'));
	const root = join(__dirname, '../../../..');
	try {
		const { stdout } = await promisify(execFile)(
			process.execPath,
			[
				'--require',
				join(root, 'test/support/registerTypeScript.js'),
				join(__dirname, 'support/fetchOnce.ts'),
				`https://127.0.0.1:${server.port}/`,
			],
			{ cwd: root, env: { ...process.env, NODE_EXTRA_CA_CERTS: CERTIFICATE_FILE } },
		);
		expect(stdout).toBe('200 trusted');
	} finally {
		await server.close();
	}
});
