import type { INodeParameters, INodeProperties } from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';
import { OTHER_BASE_URL } from '../../nodes/ExactOnline/auth/regions';
import { connectThroughBrowser, ExactOnlineSimulator } from '../simulators/ExactOnline';
import {
	authorizationUrl,
	finishCallback,
	readCredential,
	updateCredential,
	type CredentialReference,
} from '../support/n8n';
import { enteredStandIn } from '../support/exactStandIn';
import { EXACT_CREDENTIAL, ExactHost, type ExactIdentity } from './support/exactHost';
import { httpRequestNode, meNode, meUrl, runOnce } from './support/exactWorkflows';
import { errorText, statusOf } from './support/statusOf';

let exact: ExactHost;
/** Exact Online in another region: the same app and user, chains of its own. */
let elsewhere: ExactOnlineSimulator;

beforeAll(async () => {
	exact = await ExactHost.start({ identities: 8, whole: true });
	const { apps, users } = exact.simulator.world;
	elsewhere = await ExactOnlineSimulator.start({ apps, users });
});

afterAll(async () => {
	await elsewhere?.close();
	await exact?.dispose();
});

beforeEach(() => {
	exact.simulator.reset();
	elsewhere.reset();
});

interface CredentialType {
	name: string;
	extends?: string[];
	properties: INodeProperties[];
}

/** Fields of a credential type as n8n merges them with those that it extends, the editor too. */
async function mergedFields(): Promise<INodeProperties[]> {
	const types = (await exact.client.request('GET', '/types/credentials.json')) as CredentialType[];
	const fieldsOf = (name: string): INodeProperties[] => {
		const type = types.find((one) => one.name === name);
		if (type === undefined) throw new Error(`n8n has no credential type ${name}.`);
		const merged: INodeProperties[] = [];
		for (const parent of type.extends ?? []) {
			NodeHelpers.mergeNodeProperties(merged, fieldsOf(parent));
		}
		NodeHelpers.mergeNodeProperties(merged, type.properties);
		return merged;
	};
	return fieldsOf(EXACT_CREDENTIAL);
}

/** Opens a credential in the editor, changes fields, and saves: what the editor then sends. */
async function saveInEditor({ id }: CredentialReference, changes: INodeParameters): Promise<void> {
	const fields = await mergedFields();
	const { name, type, data } = await readCredential(exact.client, id);
	const defaults = fields.map((field) => [field.name, field.default]);
	// The editor takes an empty text for a field that is not there.
	const stored = Object.entries(data).filter(([, value]) => value !== '');
	const shown = Object.fromEntries([...defaults, ...stored, ...Object.entries(changes)]);
	const sent = NodeHelpers.getNodeParameters(
		fields,
		shown as INodeParameters,
		false,
		false,
		null,
		null,
	);
	const body = { name, type, data: { ...sent, oauthTokenData: data.oauthTokenData } };
	await exact.client.request('PATCH', `/rest/credentials/${id}`, { body });
}

async function saveOverRest({ id }: CredentialReference, data: INodeParameters): Promise<void> {
	await updateCredential(exact.client, id, { data });
}

async function storedNames({ id }: CredentialReference): Promise<string[]> {
	return Object.keys((await readCredential(exact.client, id)).data);
}

/** Presses Connect, at whatever service n8n leads to. */
async function connectAt(
	service: ExactOnlineSimulator,
	{ id }: CredentialReference,
	{ userId }: ExactIdentity,
): Promise<void> {
	const authUrl = await authorizationUrl(exact.client, id);
	expect(new URL(authUrl).origin).toBe(service.url);
	await finishCallback(exact.client, connectThroughBrowser(service, { authUrl, userId }));
}

it('merged with the fields of n8n no name is there twice, and one field is an expression', async () => {
	const fields = await mergedFields();
	const names = fields.map(({ name }) => name);
	expect(names).toEqual([...new Set(names)]);
	expect(names).toEqual(expect.arrayContaining(['clientId', 'accessTokenUrl', 'allowedDomains']));
	const expressions = fields.filter((field) => String(field.default).startsWith('='));
	expect(expressions.map(({ name }) => name)).toEqual(['authUrl']);
});

describe.each([
	['over REST', saveOverRest],
	['in the editor', saveInEditor],
] as const)('a change of region %s', (_where, save) => {
	it('leads Connect, the exchange of the code and the nodes to the new host, and stores nothing hidden', async () => {
		const identity = exact.newIdentity();
		const credential = await exact.credential(identity, 'Region');
		await connectAt(exact.simulator, credential, identity);
		expect(await statusOf(exact, credential)).toMatchObject({ state: 'active' });
		expect(elsewhere.counters.tokenPosts).toBe(0);
		exact.simulator.reset();

		await save(credential, { accessTokenUrl: elsewhere.tokenUrl });
		await connectAt(elsewhere, credential, identity);
		expect(elsewhere.counters.logins).toBe(1);
		for (const node of [
			meNode(credential),
			httpRequestNode(credential, `${elsewhere.url}/api/v1/current/Me`),
		]) {
			const { status, error } = await runOnce(exact, node);
			expect({ status, error: error?.message }).toEqual({ status: 'success', error: undefined });
		}
		expect(elsewhere.counters.apiCalls).toBeGreaterThan(0);
		expect(exact.simulator.counters).toMatchObject({ tokenPosts: 0, apiCalls: 0 });
		const entered = ['clientId', 'clientSecret', 'accessTokenUrl', 'allowedDomains'];
		const stored = await storedNames(credential);
		expect(stored.filter((name) => ![...entered, 'oauthTokenData'].includes(name))).toEqual([]);
	});

	it('leads Connect to the page of each region', async () => {
		const credential = await exact.credential(exact.newIdentity(), 'Pages');
		const fields = await mergedFields();
		const options = fields.find(({ name }) => name === 'accessTokenUrl')?.options ?? [];
		const values = options.map((option) => ('value' in option ? String(option.value) : ''));
		expect(values).toHaveLength(8);
		for (const accessTokenUrl of values.filter((value) => value !== OTHER_BASE_URL)) {
			await save(credential, { accessTokenUrl });
			const { origin, pathname } = new URL(await authorizationUrl(exact.client, credential.id));
			expect(`${origin}/api/oauth2/token`).toBe(accessTokenUrl);
			expect(pathname).toBe('/api/oauth2/auth');
		}
		await save(credential, { accessTokenUrl: OTHER_BASE_URL, baseUrl: `${elsewhere.url}/ ` });
		const url = new URL(await authorizationUrl(exact.client, credential.id));
		expect(`${url.origin}${url.pathname}`).toBe(elsewhere.authUrl);
		expect(url.searchParams.get('force_login')).toBe('1');
	});
});

describe('the HTTP Request node', () => {
	it('reaches no other host than those of Exact Online unless the credential names it', async () => {
		const identity = exact.newIdentity();
		const fields = await mergedFields();
		const hosts = fields.find(({ name }) => name === 'allowedDomains')?.default;
		const credential = await exact.connectedCredential(identity, 'Hosts', {
			allowedDomains: hosts,
		});
		const node = httpRequestNode(credential, meUrl(exact));
		// The node of this package is not restricted; it has asked whose the log-in is.
		expect(await statusOf(exact, credential)).toMatchObject({ state: 'active' });
		exact.simulator.reset();
		const refused = await runOnce(exact, node);
		expect(errorText(refused)).toMatch(/domain not allowed/i);
		expect(exact.simulator.counters.apiCalls).toBe(0);

		await saveOverRest(credential, { allowedDomains: `${String(hosts)}, 127.0.0.1` });
		expect((await runOnce(exact, node)).status).toBe('success');
		expect(exact.simulator.counters.apiCalls).toBe(1);
	});
});

describe('an empty base URL', () => {
	it('is a clear error at Connect, in the nodes and in the HTTP Request node', async () => {
		const identity = exact.newIdentity();
		const entered = enteredStandIn(exact.simulator.url);
		const credential = await exact.connectedCredential(identity, 'Empty', entered);
		await saveOverRest(credential, { baseUrl: '' });
		await expect(authorizationUrl(exact.client, credential.id)).rejects.toThrow(
			/OAuth url is not a valid URL/,
		);
		for (const node of [meNode(credential), httpRequestNode(credential, meUrl(exact))]) {
			const text = errorText(await runOnce(exact, node));
			expect(text).toContain('[EXACT_CREDENTIAL_INVALID]');
			expect(text).toContain('The field Base URL of the Exact Online credential is empty');
		}
		expect(exact.simulator.counters.apiCalls).toBe(0);
	});
});
