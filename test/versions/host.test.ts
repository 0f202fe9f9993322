import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExactHost } from '../e2e/support/exactHost';
import { hostVersion, notesTokenEnd, type N8nHost } from '../support/n8n';

let exact: ExactHost;

beforeAll(async () => {
	exact = await ExactHost.start({ identities: 1, whole: true });
});

afterAll(async () => {
	await exact?.dispose();
});

it('is the version that is to be tested', async () => {
	const settings = (await exact.client.request('GET', '/rest/settings')) as { versionCli: string };
	expect(settings.versionCli).toBe(hostVersion);
});

it('notes when the token of a log-in ends from 2.36 on, and not before', async () => {
	const credential = await exact.connectedCredential(exact.newIdentity(), 'Connected');
	const { oauthTokenData } = await storedData(exact.host, credential.id);
	expect(oauthTokenData).toMatchObject({ access_token: expect.any(String) as string });
	expect('n8n_expires_at' in oauthTokenData).toBe(notesTokenEnd);
});

/** What n8n has stored in a credential, decrypted by n8n's own command. */
async function storedData(
	host: N8nHost,
	id: string,
): Promise<{ oauthTokenData: Record<string, unknown> }> {
	const file = join(host.userFolder, 'credential.json');
	await host.command('export:credentials', `--id=${id}`, '--decrypted', `--output=${file}`);
	const [stored] = JSON.parse(await readFile(file, 'utf8')) as Array<{
		data: { oauthTokenData: Record<string, unknown> };
	}>;
	if (stored === undefined) throw new Error('n8n has written no credential.');
	return stored.data;
}
