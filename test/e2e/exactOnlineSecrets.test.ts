import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseSpillFile } from '../../nodes/shared/vault/spending/spillFrame';
import { AuthorizationCodes } from '../simulators/ExactOnline/oauth/authorizationCodes';
import { TokenChains } from '../simulators/ExactOnline/oauth/chains';
import {
	findSecrets,
	findSecretsIn,
	packageName,
	searchList,
	testCredential,
	updateCredential,
	waitForExecution,
	type CredentialReference,
	type Execution,
	type WorkflowNode,
} from '../support/n8n';
import { EXACT_CREDENTIAL, ExactHost, type ExactIdentity } from './support/exactHost';
import {
	exactNode,
	httpRequestNode,
	meNode,
	meUrl,
	runOnce,
	startOnce,
	statusNode,
} from './support/exactWorkflows';
import { errorText } from './support/statusOf';
import { startStrangerHost, type StrangerHost } from './support/strangerHost';

const SPILL_FOLDER = 'exactonline-docuware-spill';

let exact: ExactHost;
let stranger: StrangerHost;
let identity: ExactIdentity;
let credential: CredentialReference;

/** Every token and code that the simulator has handed out. */
const issued = new Set<string>();

/** Everything that executions have shown or stored. */
const shown: string[] = [];

beforeAll(async () => {
	noteWhatIsIssued();
	stranger = await startStrangerHost();
	exact = await ExactHost.start({ identities: 5, env: { N8N_LOG_LEVEL: 'debug' } });
	identity = exact.newIdentity();
	exact.issueShortLives();
	credential = await exact.connectedCredential(identity, 'Canary');
	await exact.letTokenEnd(identity);
});

afterAll(async () => {
	await exact?.dispose();
	await stranger?.close();
	jest.restoreAllMocks();
});

beforeEach(() => {
	exact.simulator.configure({ refuseValidTokens: false, nextOrigin: null });
	exact.simulator.reset();
	stranger.received.length = 0;
});

/** Listens where the simulator makes tokens and codes; it keeps them to itself otherwise. */
function noteWhatIsIssued(): void {
	const { logIn, refresh } = TokenChains.prototype;
	const { create } = AuthorizationCodes.prototype;
	jest.spyOn(TokenChains.prototype, 'logIn').mockImplementation(function (
		this: TokenChains,
		...to
	) {
		const tokens = logIn.apply(this, to);
		issued.add(tokens.accessToken).add(tokens.refreshToken);
		return tokens;
	});
	jest.spyOn(TokenChains.prototype, 'refresh').mockImplementation(function (
		this: TokenChains,
		...to
	) {
		const outcome = refresh.apply(this, to);
		if (outcome.kind === 'granted') {
			issued.add(outcome.tokens.accessToken).add(outcome.tokens.refreshToken);
		}
		return outcome;
	});
	jest.spyOn(AuthorizationCodes.prototype, 'create').mockImplementation(function (
		this: AuthorizationCodes,
		details,
	) {
		const code = create.call(this, details);
		issued.add(code);
		return code;
	});
}

function secrets(): string[] {
	return [...issued, ...exact.simulator.world.apps.map(({ clientSecret }) => clientSecret)];
}

async function run(...nodes: WorkflowNode[]): Promise<Execution> {
	const execution = await runOnce(exact, ...nodes);
	shown.push(JSON.stringify(execution));
	return execution;
}

async function failsWith(code: string, ...nodes: WorkflowNode[]): Promise<string> {
	const execution = await run(...nodes);
	expect(execution.status).toBe('error');
	const text = errorText(execution);
	expect(text).toContain(`[${code}]`);
	return text;
}

interface Connected {
	identity: ExactIdentity;
	credential: CredentialReference;
}

/** An identity for each name, with a credential whose token has been used and has ended. */
async function endedInUse<Names extends string[]>(
	...names: Names
): Promise<{ [Index in keyof Names]: Connected }> {
	exact.issueShortLives();
	const connected: Connected[] = [];
	for (const name of names) {
		const fresh = exact.newIdentity();
		connected.push({
			identity: fresh,
			credential: await exact.connectedCredential(fresh, name),
		});
	}
	for (const { credential: its } of connected) {
		expect((await run(meNode(its))).status).toBe('success');
	}
	await exact.letTokenEnd(...connected.map((one) => one.identity));
	return connected as { [Index in keyof Names]: Connected };
}

function http(url = meUrl(exact), of = credential): WorkflowNode {
	return httpRequestNode(of, url);
}

const allAccounts = (): WorkflowNode =>
	exactNode(credential, {
		resource: 'account',
		operation: 'getAll',
		returnAll: true,
		// In order, so that it is not the endpoint with 1,000 rows a page: the list has to have links.
		sort: { fields: [{ field: 'Name' }] },
		output: 'selected',
		fieldsToReturn: ['ID'],
	});

describe('a foreign host gets no token', () => {
	it('from the HTTP Request node, which refuses to send the credential there', async () => {
		const execution = await run(http(`${stranger.url}/api/v1/current/Me`));
		expect(execution.status).toBe('error');
		expect(errorText(execution)).toMatch(/domain/i);
		expect(stranger.received).toEqual([]);
	});

	it('through a link to the next page', async () => {
		exact.simulator.configure({ nextOrigin: stranger.url });
		const text = await failsWith('EXACT_FOREIGN_LINK', allAccounts());
		expect(text).toContain(stranger.url);
		expect(stranger.received).toEqual([]);
	});

	it('through a redirect', async () => {
		const location = `${stranger.url}/api/v1/current/Me`;
		exact.simulator.faults.api.push({ kind: 'redirect', location, times: 2 });
		await failsWith('EXACT_UNEXPECTED_ANSWER', meNode(credential));
		expect(stranger.received).toEqual([]);
		// n8n's own node follows redirects, but leaves the token behind.
		await run(http());
		expect(findSecretsIn(stranger.received.join('\n'), secrets(), 'stranger')).toEqual([]);
		expect(stranger.received.join('\n')).not.toMatch(/bearer/i);
	});
});

describe('a token that cannot be saved', () => {
	it('is kept sealed in a file, and the next use of the credential has it', async () => {
		const [{ identity: other, credential: its }] = await endedInUse('Not saved');
		exact.simulator.reset();
		const hold = exact.simulator.hold('tokenProcessed', {
			where: { tags: { clientId: other.clientId } },
		});
		const execution = await startOnce(exact, [meNode(its)]);
		const held = await hold.waiting();
		const vault = new DatabaseSync(exact.vaultFile, { timeout: 5_000 });
		try {
			vault.exec('BEGIN IMMEDIATE');
			held.release();
			const spills = await spillFiles();
			expect(spills.length).toBeGreaterThan(0);
			for (const file of spills) {
				const content = await readFile(file, 'latin1');
				expect(content).toContain('sealed');
				expect(findSecretsIn(content, secrets(), file)).toEqual([]);
			}
		} finally {
			vault.exec('ROLLBACK');
			vault.close();
		}
		shown.push(JSON.stringify(await waitForExecution(exact.client, execution)));
		expect((await run(meNode(its))).status).toBe('success');
		expect(exact.simulator.counters).toMatchObject({
			tokenPosts: 1,
			refreshesGranted: 1,
			unauthorized: 0,
			apiCallsWithExpiredToken: 0,
		});
	});

	/** The files that hold a spill, as soon as there is one; empty ones are kept open for the next. */
	async function spillFiles(): Promise<string[]> {
		const folder = join(exact.host.userFolder, '.n8n', SPILL_FOLDER);
		for (;;) {
			const files = existsSync(folder) ? await readdir(folder) : [];
			const filled: string[] = [];
			for (const file of files.map((name) => join(folder, name))) {
				const text = await readFile(file, 'utf8').catch(() => '');
				if (parseSpillFile(text).spill !== undefined) filled.push(file);
			}
			if (filled.length > 0) return filled;
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
	}
});

describe('no secret stands in the clear', () => {
	it('in what n8n stores, prints or shows, nor in the vault', async () => {
		const { client, simulator, host } = exact;
		// Successful uses, with a refresh among them.
		expect((await run(meNode(credential))).status).toBe('success');
		expect((await run(http())).status).toBe('success');
		expect((await run(statusNode(credential))).status).toBe('success');
		await testCredential(client, credential.id, EXACT_CREDENTIAL);
		await searchList(client, {
			nodeType: `${packageName}.exactOnline`,
			methodName: 'searchDivisions',
			path: 'parameters.division',
			parameters: { resource: 'account', operation: 'getAll' },
			credentials: { [EXACT_CREDENTIAL]: credential },
		});

		// Failures of the API, one of which repeats the token that it was sent.
		simulator.configure({ refuseValidTokens: true });
		await failsWith('EXACT_UNAUTHORIZED', meNode(credential));
		await run(http());
		simulator.configure({ refuseValidTokens: false });
		const tokens = [...issued].join(' ');
		simulator.faults.api.push({
			kind: 'status',
			status: 400,
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ error: { message: { lang: '', value: `Bad token ${tokens}` } } }),
		});
		await failsWith('EXACT_VALIDATION', meNode(credential));

		// Failures of the chain: duplicate, answers that repeat what was sent, wrong secret, lost chain.
		const second = await exact.connectedCredential(identity, 'Second');
		await failsWith('EXACT_DUPLICATE_IDENTIFIER', meNode(second));
		const [refused, wrong, lost] = await endedInUse('Refused', 'Wrong secret', 'Lost');
		simulator.faults.token.push({
			kind: 'plainText',
			status: 400,
			text: `Refused ${refused.identity.clientSecret} ${[...issued].join(' ')}`,
			// A text that nobody knows proves nothing: the request, and a probe in each of the short windows.
			times: 20,
		});
		const doubtful = await run(meNode(refused.credential));
		expect(doubtful.status).toBe('error');
		expect(errorText(doubtful)).toMatch(/\[EXACT_TOKEN_(?:IN_DOUBT|ENDPOINT_UNAVAILABLE)\]/);
		simulator.faults.token.clear();
		await updateCredential(client, wrong.credential.id, {
			data: { clientSecret: 'AnotherWrongCanary' },
		});
		await failsWith('EXACT_INVALID_CLIENT', meNode(wrong.credential));
		await failsWith('EXACT_INVALID_CLIENT', http(meUrl(exact), wrong.credential));
		simulator.issueTokens(lost.identity.clientId, lost.identity.userId);
		simulator.ageChain(lost.identity.clientId, lost.identity.userId, 600);
		await failsWith('EXACT_OLD_REFRESH_TOKEN', meNode(lost.credential));
		await failsWith('EXACT_OLD_REFRESH_TOKEN', http(meUrl(exact), lost.credential));

		const all = [...secrets(), 'AnotherWrongCanary'];
		expect(issued.size).toBeGreaterThan(15);
		expect(findSecretsIn(shown.join('\n'), all, 'executions')).toEqual([]);
		expect(findSecretsIn(host.output, all, 'output')).toEqual([]);
		await host.stop();
		expect(await findSecrets(host.userFolder, all)).toEqual([]);
		for (const file of [exact.vaultFile, `${exact.vaultFile}-wal`]) {
			if (!existsSync(file)) continue;
			const bytes = await readFile(file, 'latin1');
			expect(findSecretsIn(bytes, all, file)).toEqual([]);
		}
		const shared = join(tmpdir(), `${SPILL_FOLDER}-${process.getuid?.() ?? userInfo().username}`);
		if (existsSync(shared)) expect(await findSecrets(shared, all)).toEqual([]);

		// The search finds what is there: the user's id stands in executions, vault and log.
		const places = (await findSecrets(host.userFolder, [identity.userId])).map(
			({ place }) => place,
		);
		expect(places.filter((place) => place.includes('execution_data'))).not.toEqual([]);
		expect(places.filter((place) => place.includes('vault.sqlite'))).not.toEqual([]);
		expect(host.output).toContain('debug');
	});
});
