import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FIRST_DIVISION, unpaidInvoices } from '../simulators/ExactOnline';
import {
	authorizationUrl,
	connectOAuth2,
	finishCallback,
	importWorkflow,
	notesTokenEnd,
	outputOf,
	packageName,
	projectRoot,
	readWorkflowFile,
	runWorkflow,
	searchList,
	testCredential,
	type CredentialReference,
	type ListEntry,
} from '../support/n8n';
import { allowOnConsentPage } from './support/consentPage';
import { EXACT_CREDENTIAL, ExactHost } from './support/exactHost';
import {
	exactNode,
	httpRequestNode,
	itemNodes,
	meNode,
	meUrl,
	runOnce,
	UNDER_TEST,
} from './support/exactWorkflows';
import { errorText, statusOf } from './support/statusOf';

const examplesFolder = join(projectRoot, 'examples');
/** Whatever these examples do, it is looked at where the same is tested; each runs once. */
const RUN_ELSEWHERE: Readonly<Record<string, string>> = {
	'exact-online-changed-accounts-to-data-table.json': 'exactOnlineChanges.test.ts',
	'exact-online-open-receivables-report.json': 'exactOnlineRecords.test.ts',
	'exact-online-spreadsheet-to-invoices.json': 'exactOnlineDocuments.test.ts',
};

/** Those that also need DocuWare run in `examplesOfBothServices.test.ts`. */
const examples = readdirSync(examplesFolder).filter(
	(file) =>
		/^exact-online-.*\.json$/.test(file) &&
		!Object.hasOwn(RUN_ELSEWHERE, file) &&
		!readFileSync(join(examplesFolder, file), 'utf8').includes(`${packageName}.docuWare`),
);

let exact: ExactHost;
/** Connected once; for everything that needs no chain of its own. */
let credential: CredentialReference;

beforeAll(async () => {
	exact = await ExactHost.start({ identities: 8, whole: true });
	credential = await exact.connectedCredential(exact.newIdentity(), 'Exact Online');
	const { simulator } = exact;
	const owed = unpaidInvoices(simulator.rows(FIRST_DIVISION, 'crm/Accounts'), Date.now());
	simulator.addRows(FIRST_DIVISION, 'cashflow/Receivables', owed);
});

afterAll(async () => {
	await exact?.dispose();
});

beforeEach(() => {
	exact.simulator.configure({ refuseValidTokens: false, autoConsent: false });
	exact.simulator.reset();
});

describe('a credential of Exact Online in n8n', () => {
	it('is connected over the consent page, tested, and shows its identifier', async () => {
		const { client, simulator } = exact;
		const identity = exact.newIdentity();
		const fresh = await exact.credential(identity, 'Over the consent page');
		const authUrl = await authorizationUrl(client, fresh.id);
		expect(new URL(authUrl).searchParams.get('force_login')).toBe('1');
		const callback = await allowOnConsentPage(authUrl, identity.userId);
		// Exact's codes hold an exclamation mark, which arrives encoded.
		expect(callback).toContain('%21');
		await finishCallback(client, callback);
		expect(simulator.counters.logins).toBe(1);

		expect(await testCredential(client, fresh.id, EXACT_CREDENTIAL)).toEqual({
			status: 'OK',
			message: 'Connection successful!',
		});
		const status = await statusOf(exact, fresh);
		expect(status).toMatchObject({
			identifier: identity.identifier,
			state: 'active',
			generation: 1,
			owner: { credentialId: fresh.id, credentialName: 'Over the consent page' },
			attempts: [],
		});
		// The log-in is the only thing that cost a token.
		expect(simulator.counters).toMatchObject({ tokenPosts: 1, unauthorized: 0 });
	});

	it('is connected without the page where the user consented before', async () => {
		const identity = exact.newIdentity();
		exact.simulator.configure({ autoConsent: true, consentUserId: identity.userId });
		const fresh = await exact.credential(identity, 'Consented', {
			authQueryParameters: 'force_login=0',
		});
		await connectOAuth2(exact.client, fresh.id);
		expect(await statusOf(exact, fresh)).toMatchObject({ identifier: identity.identifier });
	});

	it('that was never connected says so', async () => {
		const fresh = await exact.credential(exact.newIdentity(), 'Not connected');
		const execution = await runOnce(exact, meNode(fresh));
		expect(execution.status).toBe('error');
		expect(errorText(execution)).toMatch(/EXACT_NOT_CONNECTED[^]*press Connect/);
		expect(exact.simulator.counters).toMatchObject({ tokenPosts: 0, apiCalls: 0 });
	});

	it('offers all 75 divisions in the drop-down, page by page, and finds one', async () => {
		const request = {
			nodeType: `${packageName}.exactOnline`,
			methodName: 'searchDivisions',
			path: 'parameters.division',
			parameters: { resource: 'account', operation: 'getAll' },
			credentials: { [EXACT_CREDENTIAL]: credential },
		};
		const found: ListEntry[] = [];
		let token: unknown;
		do {
			const page = await searchList(exact.client, request, undefined, token);
			found.push(...page.results);
			token = page.paginationToken;
		} while (token !== undefined && token !== null);
		const codes = exact.simulator.world.divisions.map(String);
		expect(found.map(({ value }) => value)).toEqual(['current', ...codes]);
		expect(exact.simulator.counters.apiCallsByEndpoint['system/Divisions']).toBe(2);

		const wanted = codes[70] ?? '';
		const { results } = await searchList(exact.client, request, wanted);
		expect(results.map(({ value }) => value)).toEqual([wanted]);
	});

	it('is offered to AI agents as a tool', async () => {
		const types = (await exact.client.request('GET', '/types/nodes.json')) as Array<{
			name: string;
			codex?: { categories?: string[] };
		}>;
		const tool = types.find(({ name }) => name === `${packageName}.exactOnlineTool`);
		expect(tool?.codex?.categories).toContain('AI');
	});
});

/** A credential whose token is young and known to be: n8n has noted when it ends, or it has been renewed here. */
async function ofKnownAge(name: string): Promise<CredentialReference> {
	if (notesTokenEnd) return credential;
	const identity = exact.newIdentity();
	exact.issueShortLives();
	const renewed = await exact.connectedCredential(identity, name);
	await exact.letTokenEnd(identity);
	expect((await runOnce(exact, meNode(renewed))).status).toBe('success');
	return renewed;
}

describe('a valid token that the API refuses', () => {
	it.each(['our node', 'the HTTP Request node'])(
		'costs no token request and is reported by %s',
		async (which) => {
			const young = await ofKnownAge(which);
			const node = which === 'our node' ? meNode(young) : httpRequestNode(young, meUrl(exact));
			expect((await runOnce(exact, node)).status).toBe('success');
			exact.simulator.reset();
			exact.simulator.configure({ refuseValidTokens: true });
			const execution = await runOnce(exact, node);
			expect(execution.status).toBe('error');
			expect(exact.simulator.counters).toMatchObject({
				tokenPosts: 0,
				apiCalls: 1,
				unauthorized: 1,
			});
			const text = errorText(execution);
			if (which === 'our node') {
				expect(text).toMatch(/no longer accepts this log-in, although it has not expired/);
				expect(text).toContain('[EXACT_UNAUTHORIZED]');
				expect(text).toContain('Security center');
			} else {
				expect(text).toMatch(/401|Authorization failed/);
			}
			exact.simulator.configure({ refuseValidTokens: false });
			expect((await runOnce(exact, node)).status).toBe('success');
			expect(exact.simulator.counters.tokenPosts).toBe(0);
		},
	);
});

describe('a list of items', () => {
	function accountsPerItem(settings: Record<string, unknown>) {
		const parameters = {
			resource: 'account',
			operation: 'getAll',
			division: { __rl: true, mode: 'id', value: '={{ $json.division }}' },
			limit: 2,
			output: 'selected',
			fieldsToReturn: ['ID', 'Code'],
		};
		return exactNode(credential, parameters, settings);
	}

	it('takes the division of each item from an expression', async () => {
		const [first, , third] = exact.simulator.world.divisions;
		const items = itemNodes([{ division: first }, { division: third }]);
		const execution = await runOnce(exact, ...items, accountsPerItem({}));
		expect(outputOf(execution, UNDER_TEST).map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 0 },
			{ item: 1 },
			{ item: 1 },
		]);
		const asked = exact.simulator.log.entries
			.filter(({ tags }) => tags.endpoint === 'crm/Accounts')
			.map(({ tags }) => tags.division);
		expect(asked).toEqual([String(first), String(third)]);
	});

	it('goes on after a bad item, with message, description and code in its place', async () => {
		const [first, second] = exact.simulator.world.divisions;
		const items = itemNodes([
			{ division: first },
			{ division: 'not a division' },
			{ division: 999 },
			{ division: second },
		]);
		const node = accountsPerItem({ onError: 'continueRegularOutput' });
		const execution = await runOnce(exact, ...items, node);
		expect(execution.status).toBe('success');
		const output = outputOf(execution, UNDER_TEST);
		expect(output.map(({ pairedItem }) => (pairedItem as { item: number }).item)).toEqual([
			0, 0, 1, 2, 3, 3,
		]);
		expect(output[2]?.json.error).toEqual({
			message: expect.stringContaining('"not a division" is not the code of a division.'),
			description: expect.stringContaining('Choose the division from the list'),
			code: 'EXACT_INVALID_DIVISION',
		});
		expect(output[3]?.json.error).toMatchObject({
			message: expect.stringContaining('999'),
			code: 'EXACT_NOT_FOUND',
		});
	});

	it('sends bad items to the error output', async () => {
		const [first] = exact.simulator.world.divisions;
		const items = itemNodes([{ division: 'not a division' }, { division: first }]);
		const node = accountsPerItem({ onError: 'continueErrorOutput' });
		const execution = await runOnce(exact, ...items, node);
		expect(execution.status).toBe('success');
		const outputs = execution.runData[UNDER_TEST]?.[0]?.data?.main ?? [];
		expect(outputs[0]).toHaveLength(2);
		expect(outputs[1]).toHaveLength(1);
		expect(JSON.stringify(outputs[1])).toContain('EXACT_INVALID_DIVISION');
	});

	it('stops at a bad item without Continue On Fail and names it', async () => {
		const [first] = exact.simulator.world.divisions;
		const items = itemNodes([{ division: first }, { division: 'not a division' }]);
		const execution = await runOnce(exact, ...items, accountsPerItem({}));
		expect(execution.status).toBe('error');
		expect(errorText(execution)).toContain('[EXACT_INVALID_DIVISION]');
		expect(execution.error?.context).toMatchObject({ itemIndex: 1 });
	});

	it('reads all pages of a list', async () => {
		const parameters = {
			resource: 'account',
			operation: 'getAll',
			returnAll: true,
			// In order, so that it is not the endpoint with 1,000 rows a page.
			sort: { fields: [{ field: 'Name' }] },
			output: 'selected',
			fieldsToReturn: ['ID'],
		};
		const execution = await runOnce(exact, exactNode(credential, parameters));
		const ids = outputOf(execution, UNDER_TEST).map(({ json }) => json.ID);
		expect(new Set(ids).size).toBe(130);
		expect(exact.simulator.counters.apiCallsByEndpoint['crm/Accounts']).toBe(3);
	});
});

describe('the example workflow', () => {
	it.each(Object.entries(RUN_ELSEWHERE))('%s runs in %s', (file, test) => {
		expect(readFileSync(join(__dirname, test), 'utf8')).toContain(`examples/${file}`);
	});

	it.each(examples)('%s is imported and runs', async (file) => {
		// Who gives a token to others says how long it lives, so its age has to be known.
		const isGivenOut = file === 'exact-online-access-token.json';
		const used = isGivenOut ? await ofKnownAge(file) : credential;
		exact.simulator.reset();
		const workflow = await readWorkflowFile(join(examplesFolder, file), {
			[EXACT_CREDENTIAL]: used,
		});
		const { id, nodes } = await importWorkflow(exact.client, workflow);
		const trigger = nodes.find(({ type }) => type === 'n8n-nodes-base.manualTrigger');
		const execution = await runWorkflow(exact.client, id, trigger?.name);
		expect(execution.error).toBeUndefined();
		expect(execution.status).toBe('success');
		const ours = nodes.filter(({ type }) => type.startsWith(packageName));
		for (const { name } of ours) expect(outputOf(execution, name).length).toBeGreaterThan(0);
		expect(exact.simulator.counters).toMatchObject({
			tooEarly: 0,
			oldTokenUses: 0,
			unauthorized: 0,
			apiErrors: {},
		});
	});
});
