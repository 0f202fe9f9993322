import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
	chainKey,
	connectThroughBrowser,
	defaultDivisionCodes,
	ExactOnlineSimulator,
	type ExactOnlineSwitches,
} from '../../simulators/ExactOnline';
import {
	authorizationUrl,
	createCredential,
	finishCallback,
	freePort,
	N8nHost,
	type PostgresSettings,
	type CredentialReference,
	type N8nClient,
} from '../../support/n8n';
import { chosenRegion } from '../../support/exactStandIn';

export const EXACT_CREDENTIAL = 'exactOnlineOAuth2Api';

/** Life of an access token that is to end soon, in s, and of one that is not to end during a test. */
const SHORT_LIFE = 2;
const LONG_LIFE = 600;

/**
 * How long the simulator takes a token after its end. n8n counts the life of a log-in from the arrival of its answer, and
 * between its look at the token and the arrival of a call lies more than the margin of a short life where the machine is
 * busy. That no call begins with a token that has ended is judged by the fleet's tests, and by those that hold the clock.
 */
const LEEWAY_MS = 800;

/** How long after a token's end it has ended for both sides, by more than that. */
const ENDED_FOR_BOTH_MS = LEEWAY_MS + 200;

/** An app and a user that no other test case uses, so that cases do not disturb each other. */
export interface ExactIdentity {
	clientId: string;
	clientSecret: string;
	userId: string;
	/** `clientId#userId` */
	identifier: string;
}

export interface ExactHostOptions {
	/** How many identities there are. */
	identities: number;
	switches?: Partial<ExactOnlineSwitches>;
	/** n8n's own database if it is to be PostgreSQL. */
	database?: PostgresSettings;
	/** `N8N_ENCRYPTION_KEY`, where other processes are to have it too. */
	encryptionKey?: string;
	/** Further environment variables of n8n. */
	env?: Record<string, string>;
	/** Editor and Code nodes too, see `N8nHostOptions`. */
	whole?: boolean;
	/** Life of an access token that is to end soon, and has to be used before, in s. */
	shortLife?: number;
}

/** A real n8n with the package, and a simulator with an app and a user for each test case. */
export class ExactHost {
	private taken = 0;

	private constructor(
		readonly host: N8nHost,
		readonly simulator: ExactOnlineSimulator,
		private readonly userFolder: string,
		private readonly shortLife: number,
	) {}

	static async start(options: ExactHostOptions): Promise<ExactHost> {
		const { identities, switches, shortLife = SHORT_LIFE, ...n8n } = options;
		const port = await freePort();
		const userFolder = await mkdtemp(join(tmpdir(), 'n8n-exact-'));
		const simulator = await startSimulator(port, identities, switches);
		try {
			const host = await N8nHost.start({
				port,
				userFolder,
				...n8n,
			});
			return new ExactHost(host, simulator, userFolder, shortLife);
		} catch (error) {
			await simulator.close();
			await rm(userFolder, { recursive: true, force: true });
			throw error;
		}
	}

	/** Session of n8n's owner. */
	get client(): N8nClient {
		return this.host.client;
	}

	/** SQLite file of the vault. */
	get vaultFile(): string {
		return join(this.userFolder, '.n8n', 'exactonline-docuware-vault.sqlite');
	}

	/** An app and a user that nobody has used yet. */
	newIdentity(): ExactIdentity {
		const index = this.taken++;
		const app = this.simulator.world.apps[index];
		const user = this.simulator.world.users[index];
		if (app === undefined || user === undefined) throw new Error('All identities are in use.');
		const { clientId, clientSecret } = app;
		const { userId } = user;
		return { clientId, clientSecret, userId, identifier: chainKey(clientId, userId) };
	}

	/** A credential of this identity, not connected yet. */
	async credential(
		identity: ExactIdentity,
		name: string,
		fields: Record<string, unknown> = {},
	): Promise<CredentialReference> {
		return await createCredential(this.client, EXACT_CREDENTIAL, name, {
			...chosenRegion(this.simulator.url),
			clientId: identity.clientId,
			clientSecret: identity.clientSecret,
			...fields,
		});
	}

	/** Presses Connect: n8n's own way from its authorization address to its callback. */
	async connect(credential: CredentialReference, { userId }: ExactIdentity): Promise<void> {
		const authUrl = await authorizationUrl(this.client, credential.id);
		const callback = connectThroughBrowser(this.simulator, { authUrl, userId });
		await finishCallback(this.client, callback);
	}

	/** A credential that was just connected. */
	async connectedCredential(
		identity: ExactIdentity,
		name: string,
		fields: Record<string, unknown> = {},
	): Promise<CredentialReference> {
		const credential = await this.credential(identity, name, fields);
		await this.connect(credential, identity);
		return credential;
	}

	/** From now on access tokens are issued that end after two seconds, or the short life that was asked for. */
	issueShortLives(): void {
		this.simulator.configure({ accessTokenLifeSeconds: this.shortLife });
	}

	/**
	 * Waits until the identity's access token, issued with a short life, has ended for both sides.
	 * Tokens issued from now on live so long that none ends during a test.
	 */
	async letTokenEnd(...identities: ExactIdentity[]): Promise<void> {
		for (const { identifier } of identities) {
			const issuedAt = this.simulator.chains()[identifier]?.issuedAt;
			if (issuedAt === undefined) throw new Error(`${identifier} was never connected.`);
			const rest = issuedAt + this.shortLife * 1000 + ENDED_FOR_BOTH_MS - Date.now();
			if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));
		}
		this.simulator.configure({ accessTokenLifeSeconds: LONG_LIFE });
		// With the longer life the simulator would find a refresh of the short token too early.
		for (const { clientId, userId } of identities) {
			this.simulator.ageChain(clientId, userId, LONG_LIFE);
		}
	}

	/** Token POSTs that spent a refresh token of this identity since the last reset. */
	tokenPosts({ identifier }: ExactIdentity): number {
		const counts = this.simulator.counters.tokenPostsByGeneration[identifier] ?? {};
		return Object.values(counts).reduce((sum, count) => sum + count, 0);
	}

	/** Ends everything. */
	async dispose(): Promise<void> {
		await this.host.dispose();
		await this.simulator.close();
		await rm(this.userFolder, { recursive: true, force: true, maxRetries: 3 });
	}
}

async function startSimulator(
	n8nPort: number,
	identities: number,
	switches: Partial<ExactOnlineSwitches> = {},
): Promise<ExactOnlineSimulator> {
	const callback = `http://localhost:${n8nPort}/rest/oauth2-credential/callback`;
	const numbers = Array.from({ length: identities }, (_, index) =>
		String(index + 1).padStart(4, '0'),
	);
	const divisions = defaultDivisionCodes(75);
	return await ExactOnlineSimulator.start({
		apps: numbers.map((number) => ({
			clientId: `6f1d4c1e-1f0a-4c55-9d0e-2f3a5b7c${number}`,
			clientSecret: `ClientSecretOfApp${number}`,
			name: `App ${number}`,
			redirectUris: [callback],
		})),
		users: numbers.map((number) => ({
			userId: `0b7c3a52-7d1e-4f6b-8a90-c1d2e3f4${number}`,
			userName: `user.${number}`,
			fullName: `User ${number}`,
			email: `user.${number}@example.com`,
			divisions,
		})),
		divisionCount: divisions.length,
		accounts: (_division, index) => (index === 0 ? 130 : 5),
		// Codes would live a third of a token's life, too short for a busy machine.
		switches: {
			...{ minutelyLimit: 10_000, authorizationCodeLifeSeconds: 180 },
			...{ accessTokenLeewayMs: LEEWAY_MS, ...switches },
		},
	});
}
