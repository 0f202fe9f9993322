import type { IDataObject, IPollFunctions } from 'n8n-workflow';
import { createAccessTokenSource } from '../../../../../nodes/ExactOnline/auth/nodeAccessTokenSource';
import { ExactOnlineTrigger } from '../../../../../nodes/ExactOnline/ExactOnlineTrigger.node';
import { thisHolder } from '../../../../../nodes/shared/process/holder';
import { openVault } from '../../../../../nodes/shared/vault/place/openVault';
import { ExactOnlineSimulator, FIRST_DIVISION } from '../../../../simulators/ExactOnline';
import {
	connect,
	forgetMemory,
	passTimeInMemory,
	passTimeInVault,
} from '../../../../support/chain/chainFixture';
import { resolvedStandIn } from '../../../../support/exactStandIn';
import { locator, pollContext, takeAsN8n, type NodeSettings } from '../../../../support/n8nContext';
import { openVaultFolder, type VaultFolder } from '../../../../support/recordings/vaultFolder';

/** What one poll has given: the records, and the items of the output Connection. */
export interface Polled {
	rows: IDataObject[];
	told: IDataObject[];
	isNull: boolean;
}

/** A real trigger node on a vault of its own, and the service that it polls. */
export interface TriggerBench {
	readonly simulator: ExactOnlineSimulator;
	readonly credentials: NonNullable<NodeSettings['credentials']>;
	/** A context as n8n makes one when it registers the workflow; without a mode as of later polls. */
	context(
		parameters?: IDataObject,
		settings?: Partial<NodeSettings>,
		budgetMs?: number,
	): IPollFunctions;
	/** One poll; n8n takes what it returns. */
	poll(context?: IPollFunctions): Promise<Polled>;
	/** One poll whose rows n8n drops. */
	pollDropped(context?: IPollFunctions): Promise<Polled>;
	/** From now on this process is another one, which remembers nothing. */
	restart(): void;
	/** Time passes for the connection, at the service and here. */
	letPass(seconds: number): Promise<void>;
	/** Somebody else logs in as the same user with the same app, so that the next refresh fails. */
	breakChain(): Promise<void>;
	/** As a minute later: neither used calls count any more, nor those that processes had in their hands when they died. */
	forgetCalls(): void;
	/** Presses Connect anew. */
	connect(): void;
	/** Makes, changes or deletes a record as somebody does in the web interface. */
	write(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: object): Promise<IDataObject>;
	/** Adds an account; its id. */
	account(Name: string): Promise<string>;
}

/**
 * Gives each test of a `describe` a service, a vault and a node.
 * @param clock of the service; by default the real one, whatever a test makes of that of n8n
 */
export function useTrigger(accounts = 3, clock = Date.now): TriggerBench {
	let simulator: ExactOnlineSimulator;
	let vault: VaultFolder;
	let credentials: NonNullable<NodeSettings['credentials']>;
	const node = new ExactOnlineTrigger();
	const { description } = node;
	let starts = 0;
	const pressConnect = () => {
		const { clientId, clientSecret, pair } = connect(simulator);
		credentials = {
			exactOnlineOAuth2Api: {
				id: 'credential-1',
				data: {
					...{ ...resolvedStandIn(simulator.url), clientId, clientSecret },
					duplicateRegistration: 'refuse',
					oauthTokenData: {
						...{ access_token: pair.accessToken, refresh_token: pair.refreshToken },
						...{ expires_in: '600', n8n_expires_at: String(Date.now() + 600_000) },
					},
				},
			},
		};
	};
	beforeEach(async () => {
		vault = await openVaultFolder();
		simulator = await ExactOnlineSimulator.start({
			...{ accounts, divisionCount: 4, clock },
			switches: { minutelyLimit: 100_000, dailyLimit: 100_000 },
		});
		pressConnect();
	});
	afterEach(async () => {
		await vault.close();
		await simulator.close();
		forgetMemory();
	});
	const context: TriggerBench['context'] = (parameters = {}, settings = {}, budgetMs) =>
		pollContext(
			{
				...{ description, credentials, mode: 'trigger', log: [], ...settings },
				parameters: { division: locator(String(FIRST_DIVISION)), ...parameters },
			},
			budgetMs,
		);
	const run = async (given: IPollFunctions, isTaken: boolean): Promise<Polled> => {
		const outputs = await node.poll.call(given);
		const [rows = [], told = []] = isTaken ? takeAsN8n(given, outputs) : (outputs ?? []);
		const plain = (items: typeof rows) => items.map(({ json }) => json);
		return { rows: plain(rows), told: plain(told), isNull: outputs === null };
	};
	const bench: TriggerBench = {
		get simulator() {
			return simulator;
		},
		get credentials() {
			return credentials;
		},
		context,
		poll: async (given = context()) => await run(given, true),
		pollDropped: async (given = context()) => await run(given, false),
		restart: () => {
			starts += 1;
			thisHolder().uuid = `start ${starts}`;
			forgetMemory();
		},
		letPass: async (seconds) => {
			for (const chain of Object.keys(simulator.chains())) {
				const [clientId = '', userId = ''] = chain.split('#');
				simulator.ageChain(clientId, userId, seconds);
			}
			await passTimeInVault(await openVault(), seconds);
			passTimeInMemory(seconds);
		},
		forgetCalls: () =>
			void vault.raw.run("DELETE FROM exactonline_docuware_item WHERE scope LIKE 'exactCalls%'"),
		breakChain: async () => {
			const before = credentials;
			pressConnect();
			credentials = before;
			await bench.letPass(601);
		},
		connect: pressConnect,
		async write(method, path, body) {
			const source = await createAccessTokenSource(context());
			const { accessToken } = await source.getAccessToken('normal');
			const answer = await fetch(`${simulator.url}/api/v1/${FIRST_DIVISION}/${path}`, {
				method,
				headers: {
					...{ authorization: `Bearer ${accessToken}`, accept: 'application/json' },
					'content-type': 'application/json',
				},
				...(body && { body: JSON.stringify(body) }),
			});
			if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
			const text = await answer.text();
			return text === '' ? {} : ((JSON.parse(text) as { d: IDataObject }).d ?? {});
		},
		account: async (Name) => String((await bench.write('POST', 'crm/Accounts', { Name })).ID),
	};
	return bench;
}
