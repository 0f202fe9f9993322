import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';

import { DocuWareApi } from '../../../credentials/DocuWareApi.credentials';
import { DocuWareTokenApi } from '../../../credentials/DocuWareTokenApi.credentials';
import { send } from '../../../nodes/shared/http';
import { query } from '../../../nodes/shared/vault/database/transaction';
import { openVault } from '../../../nodes/shared/vault/place/openVault';
import { TABLES } from '../../../nodes/shared/vault/rows/schema';
import { DocuWareSimulator, selfSignedCertificate } from '../../simulators/DocuWare';
import { issueLoginToken, passwordRun, tokenRun } from './support/credentials';
import { sessionFor } from './support/fakeNode';
import { useDocuWare } from './support/useDocuWare';

/**
 * What n8n does with a credential that is no OAuth2 one in its HTTP Request node
 * (docs/facts/n8n.md, "Credentials that are no OAuth2 ones"): `preAuthentication` where the
 * expirable field is empty, `authenticate`, the request; after any error `preAuthentication` again,
 * and the request again, as it was signed before, if the field comes back.
 */
class HttpRequestNode {
	/** The cookies of the last request that was sent. */
	sent = '';

	constructor(
		private readonly stored: ICredentialDataDecryptedObject,
		private readonly type: DocuWareApi | DocuWareTokenApi = new DocuWareApi(),
	) {}

	async request(options: IHttpRequestOptions): Promise<number> {
		const credential = { ...this.stored };
		let signed = options;
		try {
			if (credential.sessionGeneration === '') await this.preAuthenticate(credential);
			signed = await this.type.authenticate(credential, { ...options });
			return await this.send(signed);
		} catch (error) {
			if (!(await this.preAuthenticate(credential))) throw error;
			return await this.send(await this.type.authenticate(credential, { ...signed }));
		}
	}

	private async preAuthenticate(credential: ICredentialDataDecryptedObject): Promise<boolean> {
		const output = await this.type.preAuthentication.call({} as never, credential);
		if (output.sessionGeneration === undefined) return false;
		Object.assign(credential, output);
		Object.assign(this.stored, output);
		return true;
	}

	private async send(signed: IHttpRequestOptions): Promise<number> {
		this.sent = String(signed.headers?.Cookie ?? '');
		const answer = await fetch(signed.url, {
			method: signed.method ?? 'GET',
			headers: { accept: 'application/json', ...(signed.headers as Record<string, string>) },
			...(signed.body === undefined ? {} : { body: signed.body as string }),
		});
		if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
		return answer.status;
	}
}

describe('the HTTP Request node with the credential DocuWare', () => {
	const bench = useDocuWare();

	const credentialFor = (simulator: DocuWareSimulator) =>
		({
			...passwordRun(simulator).credential,
			sessionGeneration: '',
		}) as ICredentialDataDecryptedObject;

	const get = (simulator: DocuWareSimulator, path = 'Organization'): IHttpRequestOptions => ({
		url: `${simulator.url}/DocuWare/Platform/${path}`,
	});

	it('logs on once for thirty executions, and once more after the session was ended', async () => {
		const simulator = await bench.simulator();
		const stored = credentialFor(simulator);
		const thirty = async () =>
			await Promise.all(
				Array.from(
					{ length: 30 },
					async () => await new HttpRequestNode(stored).request(get(simulator)),
				),
			);
		expect(await thirty()).toEqual(Array(30).fill(200));
		expect(simulator.counters.logOns.password).toBe(1);
		expect(stored.sessionGeneration).toBe('1');
		simulator.revokeSessions();
		expect(await thirty()).toEqual(Array(30).fill(200));
		expect(simulator.counters.logOns.password).toBe(2);
	});

	it('shares a session with the node where the server binds it to its User-Agent', async () => {
		const simulator = await bench.simulator({ userAgentBinding: true });
		const session = await sessionFor(passwordRun(simulator));
		await session.request({ method: 'GET', url: 'Organizations' });
		const node = new HttpRequestNode(credentialFor(simulator));
		const headers = { 'user-agent': 'n8n' };
		expect(await node.request({ ...get(simulator), headers })).toBe(200);
		await session.request({ method: 'GET', url: 'Organizations' });
		expect(simulator.counters.logOns.password).toBe(1);
		expect(Object.keys(simulator.counters.userAgents)).toHaveLength(1);
	});

	it.each([
		['DocuWare', new DocuWareApi(), passwordRun],
		[
			'DocuWare Login Token',
			new DocuWareTokenApi(),
			(simulator: DocuWareSimulator) => tokenRun(simulator, issueLoginToken(simulator)),
		],
	] as const)(
		'checks no certificate where the credential %s ignores SSL issues, at the own server alone',
		async (_name, type, runAt) => {
			const simulator = await DocuWareSimulator.start({ tls: selfSignedCertificate() });
			try {
				const stored = { ...runAt(simulator).credential, sessionGeneration: '' };
				const signed = async (ignoreSslIssues: boolean, options: IHttpRequestOptions) =>
					await type.authenticate({ ...stored, ignoreSslIssues } as never, options);
				const { url, headers, ...how } = await signed(true, get(simulator));
				expect(how).toEqual({ skipSslCertificateValidation: true });
				const request = { method: 'GET', url, headers: headers as Record<string, string> } as const;
				expect((await send({ ...request, ignoreSslIssues: true })).status).toBe(200);
				await expect(send(request)).rejects.toMatchObject({ code: 'HTTP_TLS_ERROR' });
				const strict = await signed(false, get(simulator));
				expect(strict).not.toHaveProperty('skipSslCertificateValidation');
				const elsewhere = { url: 'https://elsewhere.example/' };
				expect(await signed(true, elsewhere)).toEqual(elsewhere);
			} finally {
				await simulator.close();
			}
		},
	);

	it('sends a POST that is answered 500 once, also where the vault has a newer session', async () => {
		const simulator = await bench.simulator();
		const node = new HttpRequestNode(credentialFor(simulator));
		await node.request(get(simulator));
		simulator.revokeSessions();
		await new HttpRequestNode(credentialFor(simulator)).request(get(simulator));
		simulator.faults.push({ kind: 'status', status: 500, where: { method: 'POST' }, times: 5 });
		const path = 'FileCabinets/a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10/Documents';
		await expect(
			node.request({ ...get(simulator, path), method: 'POST', body: '{}' }),
		).rejects.toThrow('HTTP 500');
		expect(simulator.counters.requests['POST FileCabinets/{fileCabinetId}/Documents']).toBe(1);
	});

	it('puts the cookies of the new session in the place of the dead ones, beside those of the user', async () => {
		const simulator = await bench.simulator();
		const node = new HttpRequestNode(credentialFor(simulator));
		const request = { ...get(simulator), headers: { cookie: 'DWFormatCulture=de' } };
		await node.request(request);
		simulator.revokeSessions();
		expect(await node.request(request)).toBe(200);
		const [second] = simulator.state.sessions.all();
		const names = node.sent.split('; ').map((cookie) => cookie.split('=')[0]);
		expect(names.slice(0, 2)).toEqual(['DWFormatCulture', '.DWPLATFORMAUTH']);
		expect(new Set(names).size).toBe(names.length);
		expect(node.sent).toContain(`.DWPLATFORMAUTH=${second?.id}`);
	});

	it('logs on again where the server was updated and has the Identity Service only', async () => {
		const simulator = await bench.simulator({ version: '7.10', cookiesFrom711: 'gone' });
		const node = new HttpRequestNode(credentialFor(simulator));
		await node.request(get(simulator));
		simulator.configure({ version: '7.11' });
		expect(await node.request(get(simulator))).toBe(200);
		expect(node.sent).not.toContain('DWPLATFORM');
		expect(simulator.counters.logOns.password).toBe(1);
		expect(simulator.counters.grants.password).toBe(1);
	});

	it('keeps others from logging off for half a minute, and says so', async () => {
		const simulator = await bench.simulator();
		await new HttpRequestNode(credentialFor(simulator)).request(get(simulator));
		const session = await sessionFor(passwordRun(simulator));
		await expect(session.logOff()).rejects.toMatchObject({
			code: 'DOCUWARE_SESSION_IN_USE',
			message: expect.stringContaining(
				'HTTP Request nodes have used it within the last 30 seconds',
			) as unknown,
		});
		expect(await session.logOff({ force: true })).toMatchObject({ loggedOff: true });
	});

	it('is logged off after all where only HTTP Request nodes have used it, once they count no longer', async () => {
		const simulator = await bench.simulator();
		await new HttpRequestNode(credentialFor(simulator)).request(get(simulator));
		const vault = await openVault();
		// Of the half minute a quarter of a second is left.
		await vault.write(() =>
			query(`UPDATE ${TABLES.use} SET expires_at = expires_at - 29750 WHERE use_id LIKE 'http:%'`),
		);
		const session = await sessionFor(passwordRun(simulator));
		expect(await session.logOff({ leaveOpen: true })).toMatchObject({ loggedOff: true });
		expect(simulator.counters.logOffs).toBe(1);
	});

	it('logs on for no 404', async () => {
		const simulator = await bench.simulator();
		const node = new HttpRequestNode(credentialFor(simulator));
		await expect(node.request(get(simulator, 'Nothing'))).rejects.toThrow('HTTP 404');
		expect(simulator.counters.logOns.password).toBe(1);
		expect(simulator.counters.requests['GET Nothing']).toBe(1);
	});

	it('gives no other host a cookie, and sends nothing twice there', async () => {
		const simulator = await bench.simulator();
		const other = await bench.simulator();
		const node = new HttpRequestNode(credentialFor(simulator));
		await expect(node.request(get(other))).rejects.toThrow('HTTP 401');
		expect(other.counters.unauthorized).toMatchObject({ noCredentials: 1, unknownSession: 0 });
		expect(Object.values(other.counters.requests)).toEqual([1]);
	});

	it('tells a wrong password, and sends it once', async () => {
		const simulator = await bench.simulator();
		const node = new HttpRequestNode({ ...credentialFor(simulator), password: 'wrong' });
		await expect(node.request(get(simulator))).rejects.toThrow('DOCUWARE_WRONG_PASSWORD');
		await expect(node.request(get(simulator))).rejects.toThrow('DOCUWARE_WRONG_PASSWORD');
		expect(simulator.counters.unauthorized.badCredentials).toBe(1);
	});
});

describe('the HTTP Request node with the credential DocuWare Login Token', () => {
	const bench = useDocuWare();

	it('comes in with the token once for thirty executions, and once more after the session was ended', async () => {
		const simulator = await bench.simulator();
		const stored = {
			...tokenRun(simulator, issueLoginToken(simulator, 'Multi')).credential,
			sessionGeneration: '',
		} as ICredentialDataDecryptedObject;
		const url = `${simulator.url}/DocuWare/Platform/Organization`;
		const thirty = async () =>
			await Promise.all(
				Array.from(
					{ length: 30 },
					async () => await new HttpRequestNode(stored, new DocuWareTokenApi()).request({ url }),
				),
			);
		expect(await thirty()).toEqual(Array(30).fill(200));
		simulator.revokeSessions();
		expect(await thirty()).toEqual(Array(30).fill(200));
		expect(simulator.counters.logOns).toEqual({ password: 0, token: 2 });
	});
});
