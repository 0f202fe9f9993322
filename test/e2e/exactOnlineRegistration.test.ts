import { DatabaseSync } from 'node:sqlite';
import {
	outputOf,
	updateCredential,
	waitForExecution,
	type CredentialReference,
	type WorkflowNode,
} from '../support/n8n';
import { ExactHost, type ExactIdentity } from './support/exactHost';
import {
	exactNode,
	httpRequestNode,
	meNode,
	meUrl,
	runOnce,
	startOnce,
	UNDER_TEST,
} from './support/exactWorkflows';
import { errorText, statusOf } from './support/statusOf';

let exact: ExactHost;

beforeAll(async () => {
	exact = await ExactHost.start({ identities: 16 });
});

afterAll(async () => {
	await exact?.dispose();
});

beforeEach(() => {
	exact.simulator.configure({ accessTokenLifeSeconds: 600, grace: 'none' });
	exact.simulator.reset();
});

function http(credential: CredentialReference): WorkflowNode {
	return httpRequestNode(credential, meUrl(exact));
}

async function succeeds(...nodes: WorkflowNode[]): Promise<void> {
	const { status, error } = await runOnce(exact, ...nodes);
	expect({ status, error: error?.message }).toEqual({ status: 'success', error: undefined });
}

async function failsWith(code: string, ...nodes: WorkflowNode[]): Promise<string> {
	const execution = await runOnce(exact, ...nodes);
	expect(execution.status).toBe('error');
	const text = errorText(execution);
	expect(text).toContain(`[${code}]`);
	return text;
}

/** Only our node can read the stored credential again; n8n does it for a node that is retried. */
function retrying(node: WorkflowNode): WorkflowNode {
	return { ...node, retryOnFail: true, maxTries: 2, waitBetweenTries: 500 };
}

/** A credential whose token has been used and has ended. */
async function endedInUse(identity: ExactIdentity, name: string): Promise<CredentialReference> {
	exact.issueShortLives();
	const credential = await exact.connectedCredential(identity, name);
	await succeeds(meNode(credential));
	await exact.letTokenEnd(identity);
	exact.simulator.reset();
	return credential;
}

/** Makes the vault believe that all authorizations of an identity were first seen so much earlier. */
function shiftFirstSeen({ identifier }: ExactIdentity, ms: number): void {
	const database = new DatabaseSync(exact.vaultFile, { timeout: 5_000 });
	try {
		database
			.prepare(
				`UPDATE exactonline_docuware_authorization SET first_seen_at = first_seen_at - ?
				WHERE record_id IN (SELECT id FROM exactonline_docuware_record WHERE identity LIKE ?)`,
			)
			.run(ms, `%|${identifier}`);
	} finally {
		database.close();
	}
}

describe('a second credential for the same app and user', () => {
	it('is refused with identifier and owner, and the first goes on working', async () => {
		const identity = exact.newIdentity();
		exact.issueShortLives();
		const first = await exact.connectedCredential(identity, 'The first credential');
		await succeeds(meNode(first));
		const second = await exact.connectedCredential(identity, 'The second credential');
		const text = await failsWith('EXACT_DUPLICATE_IDENTIFIER', meNode(second));
		expect(text).toContain(identity.identifier);
		expect(text).toContain('the credential "The first credential" has this one');
		expect(text).toContain(`the credential's id ${first.id}`);
		expect(text).toContain('set Duplicate Registration of this credential to Share or Take Over');

		// The log-in of the second has killed the first one's pair at Exact; its own is kept for the first.
		await succeeds(meNode(first), { ...http(first), name: 'HTTP Request' });
		await exact.letTokenEnd(identity);
		exact.simulator.reset();
		await succeeds(meNode(first));
		// The own pair goes first, unless the service has called it old already.
		const { tokenPosts, oldTokenUses } = exact.simulator.counters;
		expect(oldTokenUses).toBeLessThanOrEqual(1);
		expect(tokenPosts).toBe(1 + oldTokenUses);
		expect(exact.simulator.counters).toMatchObject({
			refreshesGranted: 1,
			unauthorized: 0,
			apiCallsWithExpiredToken: 0,
		});
		// HTTP Request is refused too, now that our node has shown whose the second one is.
		await failsWith('EXACT_DUPLICATE_IDENTIFIER', http(second));
		expect(exact.simulator.counters.tokenPosts).toBe(tokenPosts);
	});

	it('shares or takes over where its field says so', async () => {
		const identity = exact.newIdentity();
		const first = await exact.connectedCredential(identity, 'Owner');
		await succeeds(meNode(first));
		const second = await exact.connectedCredential(identity, 'Sharing', {
			duplicateRegistration: 'share',
		});
		await succeeds(meNode(second));
		await succeeds(meNode(first));
		expect(await statusOf(exact, second)).toMatchObject({ owner: { credentialName: 'Owner' } });

		await updateCredential(exact.client, second.id, {
			data: { duplicateRegistration: 'takeOver' },
		});
		// A shared authorization stays shared; what takes over is the next log-in, once it is accepted.
		exact.issueShortLives();
		await exact.connect(second, identity);
		await succeeds(meNode(second));
		await exact.letTokenEnd(identity);
		await succeeds(meNode(second));
		expect(await statusOf(exact, second)).toMatchObject({ owner: { credentialName: 'Sharing' } });
		const text = await failsWith('EXACT_DUPLICATE_IDENTIFIER', meNode(first));
		expect(text).toContain('the credential "Sharing"');
	});

	it('in HTTP Request is served from its own pair, and refused a minute later once that is accepted', async () => {
		const identity = exact.newIdentity();
		exact.issueShortLives();
		const first = await exact.connectedCredential(identity, 'Hook, first');
		await succeeds(http(first));
		// Exact has accepted its pair before another log-in ends that.
		await exact.letTokenEnd(identity);
		await succeeds(http(first));
		exact.issueShortLives();
		const second = await exact.connectedCredential(identity, 'Hook, second');
		await succeeds(http(second));
		await exact.letTokenEnd(identity);
		await succeeds(http(second));
		expect(exact.simulator.counters).toMatchObject({ unauthorized: 0, oldTokenUses: 0 });

		shiftFirstSeen(identity, 61_000);
		// A process asks the guard again after 30 s; a new one asks at once.
		await exact.host.restart();
		await succeeds(http(first));
		const text = await failsWith('EXACT_DUPLICATE_IDENTIFIER', http(second));
		expect(text).toContain(identity.identifier);
		await succeeds(http(first));
		// Our node knows the credentials by id and name, and sees the same.
		await succeeds(meNode(first));
		await failsWith('EXACT_DUPLICATE_IDENTIFIER', meNode(second));
	});
});

describe('log-ins of which n8n has noted no time (n8n_expires_at)', () => {
	it('that are older and used later replace nothing', async () => {
		const identity = exact.newIdentity();
		exact.issueShortLives();
		const logIn = () => {
			const issued = exact.simulator.issueTokens(identity.clientId, identity.userId);
			return {
				access_token: issued.accessToken,
				refresh_token: issued.refreshToken,
				token_type: 'bearer',
				expires_in: '600',
			};
		};
		const [older, newer] = [logIn(), logIn()];
		const inUse = await exact.credential(identity, 'The newer', { oauthTokenData: newer });
		await succeeds(meNode(inUse));
		const late = await exact.credential(identity, 'The older', { oauthTokenData: older });
		await failsWith('EXACT_DUPLICATE_IDENTIFIER', meNode(late));
		await exact.letTokenEnd(identity);
		exact.simulator.reset();
		await succeeds(meNode(inUse), { ...http(inUse), name: 'HTTP Request' });
		expect(exact.simulator.counters).toMatchObject({
			tokenPosts: 1,
			refreshesGranted: 1,
			oldTokenUses: 0,
		});
	});
});

describe('a reconnect while a refresh is under way', () => {
	it.each([
		['our node', 'tokenReceived'],
		['our node', 'tokenProcessed'],
		['HTTP Request', 'tokenReceived'],
		['HTTP Request', 'tokenProcessed'],
	] as const)(
		'ends with the newest authorization, and the running execution succeeds (%s, held at %s)',
		async (which, point) => {
			const identity = exact.newIdentity();
			const credential = await endedInUse(identity, `Reconnected, ${which}, ${point}`);
			const { clientId } = identity;
			const hold = exact.simulator.hold(point, {
				where: { tags: { clientId, grantType: 'refresh_token' } },
			});
			const running = await startOnce(exact, [
				which === 'our node' ? meNode(credential) : retrying(http(credential)),
			]);
			const held = await hold.waiting();
			exact.issueShortLives();
			await exact.connect(credential, identity);
			held.release();
			const execution = await waitForExecution(exact.client, running);
			expect({ status: execution.status, error: execution.error?.message }).toEqual({
				status: 'success',
				error: undefined,
			});
			await succeeds(meNode(credential), { ...http(credential), name: 'HTTP Request' });

			// Only the newest authorization can be refreshed.
			await exact.letTokenEnd(identity);
			exact.simulator.reset();
			await succeeds(meNode(credential), { ...http(credential), name: 'HTTP Request' });
			expect(exact.simulator.counters).toMatchObject({
				tokenPosts: 1,
				refreshesGranted: 1,
				oldTokenUses: 0,
				unauthorized: 0,
			});
		},
	);
});

describe('a lost answer to a token request', () => {
	it('with grace at Exact costs no execution', async () => {
		const identity = exact.newIdentity();
		const credential = await endedInUse(identity, 'Lost, grace');
		exact.simulator.configure({ grace: 'untilNewIsUsed', accessTokenLifeSeconds: 2 });
		exact.simulator.faults.token.push({
			kind: 'lostAnswer',
			where: { tags: { clientId: identity.clientId } },
		});
		await succeeds(meNode(credential));
		// The lost one, and the probe, which may have to wait for the window once.
		expect(exact.tokenPosts(identity)).toBeLessThanOrEqual(3);
		expect(exact.simulator.counters.refreshesGranted).toBe(2);
	});

	it('without grace is told once, sends nothing more, and a reconnect heals', async () => {
		const identity = exact.newIdentity();
		const credential = await endedInUse(identity, 'Lost, no grace');
		exact.simulator.faults.token.push({
			kind: 'lostAnswer',
			where: { tags: { clientId: identity.clientId } },
		});
		const text = await failsWith('EXACT_OLD_REFRESH_TOKEN', meNode(credential));
		expect(text).toContain(identity.identifier);
		expect(text).toContain('press Connect');
		expect(exact.tokenPosts(identity)).toBe(2);
		await failsWith('EXACT_OLD_REFRESH_TOKEN', meNode(credential));
		await failsWith('EXACT_OLD_REFRESH_TOKEN', http(credential));
		expect(exact.tokenPosts(identity)).toBe(2);

		await exact.connect(credential, identity);
		await succeeds(meNode(credential), { ...http(credential), name: 'HTTP Request' });
		expect(exact.tokenPosts(identity)).toBe(2);
	});
});

describe('a client secret', () => {
	it('that is wrong in one credential stops that one alone', async () => {
		const identity = exact.newIdentity();
		exact.issueShortLives();
		const right = await exact.connectedCredential(identity, 'Right secret');
		await succeeds(meNode(right));
		const wrong = await exact.connectedCredential(identity, 'Wrong secret', {
			duplicateRegistration: 'share',
		});
		await succeeds(meNode(wrong));
		await updateCredential(exact.client, wrong.id, { data: { clientSecret: 'WrongSecret' } });
		await exact.letTokenEnd(identity);
		exact.simulator.reset();

		await failsWith('EXACT_INVALID_CLIENT', meNode(wrong));
		expect(exact.simulator.counters).toMatchObject({ tokenPosts: 1, refreshesGranted: 0 });
		exact.issueShortLives();
		exact.simulator.ageChain(identity.clientId, identity.userId, 600);
		await succeeds(meNode(right));
		// The own pair, which the other log-in has killed, and then that log-in's.
		expect(exact.simulator.counters).toMatchObject({ tokenPosts: 3, refreshesGranted: 1 });

		// Both at once: the wrong secret is not sent again, and the right one is.
		await exact.letTokenEnd(identity);
		exact.simulator.reset();
		const ids = await Promise.all(
			[wrong, right].map(async (credential) => await startOnce(exact, [meNode(credential)])),
		);
		const executions = await Promise.all(ids.map((id) => waitForExecution(exact.client, id)));
		expect(executions[1]?.status).toBe('success');
		expect(exact.simulator.counters).toMatchObject({
			tokenPosts: 1,
			refreshesGranted: 1,
			oldTokenUses: 0,
		});
	});

	it('that was wrong once is not sent again, and the right one goes on', async () => {
		const identity = exact.newIdentity();
		const credential = await endedInUse(identity, 'Secret changed');
		const app = exact.simulator.world.app(identity.clientId)!;
		app.clientSecret = 'NewSecretAtExact';
		const text = await failsWith('EXACT_INVALID_CLIENT', meNode(credential));
		expect(text).toContain(identity.identifier);
		expect(exact.simulator.counters.tokenPosts).toBe(1);
		await failsWith('EXACT_INVALID_CLIENT', meNode(credential));
		await failsWith('EXACT_INVALID_CLIENT', http(credential));
		expect(exact.simulator.counters.tokenPosts).toBe(1);

		await updateCredential(exact.client, credential.id, {
			data: { clientSecret: 'NewSecretAtExact' },
		});
		await succeeds(meNode(credential), { ...http(credential), name: 'HTTP Request' });
		expect(exact.simulator.counters).toMatchObject({ tokenPosts: 2, refreshesGranted: 1 });
		const { state, attempts } = await statusOf(exact, credential);
		expect(state).toBe('active');
		expect(attempts.slice(0, 2)).toMatchObject([
			{ outcome: 'saved' },
			{ outcome: 'configuration' },
		]);
	});
});

describe('operations on an authorization', () => {
	it('keep it alive, refresh it when allowed, release it and take it over', async () => {
		const operation = (
			credential: CredentialReference,
			name: string,
			parameters = {},
		): WorkflowNode =>
			exactNode(credential, { resource: 'authorization', operation: name, ...parameters });
		const identity = exact.newIdentity();
		const credential = await endedInUse(identity, 'Operated');
		await succeeds(operation(credential, 'keepAlive'));
		await succeeds(operation(credential, 'keepAlive'));
		expect(exact.simulator.counters.tokenPosts).toBe(1);
		const early = await failsWith('EXACT_TOO_EARLY', operation(credential, 'refreshNow'));
		expect(early).toMatch(/does not allow a refresh yet[^]*Run again after/);
		expect(exact.simulator.counters).toMatchObject({ tokenPosts: 1, tooEarly: 0 });

		exact.issueShortLives();
		const second = await exact.connectedCredential(identity, 'Taking over');
		await failsWith('EXACT_DUPLICATE_IDENTIFIER', meNode(second));
		await succeeds(operation(second, 'takeOverRegistration', { confirmed: true }));
		// Carried out once the service has accepted the log-in of the second credential.
		await exact.letTokenEnd(identity);
		await succeeds(meNode(second));
		await failsWith('EXACT_DUPLICATE_IDENTIFIER', meNode(credential));
		await succeeds(operation(second, 'releaseRegistration', { confirmed: true }));
		await succeeds(meNode(credential));
		expect(await statusOf(exact, credential)).toMatchObject({
			owner: { credentialName: 'Operated' },
		});
	});

	it('forget it for good; a new Connect in the same credential begins anew', async () => {
		const identity = exact.newIdentity();
		const credential = await endedInUse(identity, 'Forgotten');
		await succeeds(meNode(credential), { ...http(credential), name: 'HTTP Request' });
		const forget = exactNode(credential, {
			resource: 'authorization',
			operation: 'forget',
			confirmed: true,
		});
		const forgotten = await runOnce(exact, forget);
		expect(outputOf(forgotten, UNDER_TEST)[0]?.json).toMatchObject({
			forgotten: true,
			scope: 'connection',
			identifier: identity.identifier,
			remainingRight: expect.stringContaining('Security center') as unknown,
		});
		const { tokenPosts } = exact.simulator.counters;
		await failsWith('EXACT_FORGOTTEN', meNode(credential));
		await failsWith('EXACT_FORGOTTEN', http(credential));
		expect(exact.simulator.counters.tokenPosts).toBe(tokenPosts);
		const database = new DatabaseSync(exact.vaultFile, { readOnly: true });
		try {
			const [event] = database
				.prepare("SELECT detail FROM exactonline_docuware_attempt WHERE kind = 'forget'")
				.all();
			expect(event?.detail).toMatch(/^workflow \S+, execution \d+$/);
		} finally {
			database.close();
		}
		await exact.connect(credential, identity);
		await succeeds(meNode(credential), { ...http(credential), name: 'HTTP Request' });
	});
});
