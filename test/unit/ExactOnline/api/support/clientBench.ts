import { ExactOnlineClient } from '../../../../../nodes/ExactOnline/api/exactOnlineClient';
import {
	createClientState,
	type ClientState,
} from '../../../../../nodes/ExactOnline/api/limits/clientState';
import { isConnectorError, type ConnectorError } from '../../../../../nodes/shared/errors';
import { ExactServer } from './exactServer';
import { FakeTokenSource, JumpingClock } from './fakes';

/** A client of a scripted service whose time jumps; of each test another one. */
export class ClientBench {
	readonly server = new ExactServer();

	source!: FakeTokenSource;

	clock!: JumpingClock;

	state!: ClientState;

	client!: ExactOnlineClient;

	begin(): void {
		this.source = new FakeTokenSource(this.server.baseUrl);
		this.clock = new JumpingClock();
		this.state = createClientState();
		this.client = this.newClient('cred', this.source);
	}

	/** Another client of the same state. */
	newClient(
		credentialId: string,
		source = new FakeTokenSource(this.server.baseUrl),
	): ExactOnlineClient {
		const { clock, state } = this;
		return new ExactOnlineClient(source, { clock, state, credentialId });
	}
}

/** Gives each test of a file a client. */
export function useClient(): ClientBench {
	const bench = new ClientBench();
	beforeAll(async () => await bench.server.start());
	afterAll(async () => await bench.server.stop());
	beforeEach(() => bench.begin());
	afterEach(() => jest.restoreAllMocks());
	return bench;
}

export const ACCOUNTS = { method: 'GET', path: 'crm/Accounts', division: 123 } as const;

/** The error of what has to fail. */
export async function failure(promise: Promise<unknown>): Promise<ConnectorError> {
	const error: unknown = await promise.then(
		() => undefined,
		(reason: unknown) => reason,
	);
	if (!isConnectorError(error)) throw new Error(`no ConnectorError: ${String(error)}`);
	return error;
}
