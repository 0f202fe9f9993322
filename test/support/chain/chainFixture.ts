import type { ConnectorError } from '../../../nodes/shared/errors';
import { isConnectorError } from '../../../nodes/shared/errors';
import { processState } from '../../../nodes/shared/process/processState';
import { flightState } from '../../../nodes/shared/process/singleFlight';
import { chainMemory } from '../../../nodes/shared/tokenChain/memory';
import type { Authorization, Presenter } from '../../../nodes/shared/tokenChain/types';
import { query } from '../../../nodes/shared/vault/database/transaction';
import type { LeaseTiming } from '../../../nodes/shared/vault/leaseHolding';
import { TABLES } from '../../../nodes/shared/vault/rows/schema';
import type { SecretSave } from '../../../nodes/shared/vault/spending/secretSave';
import type { Vault } from '../../../nodes/shared/vault/vault';
import type { ExactOnlineSimulator } from '../../simulators/ExactOnline';

/** Lease times for tests, in milliseconds: as in production, only shorter. */
export const TEST_TIMING: LeaseTiming = { leaseMs: 3_000, heartbeatMs: 500, pollMs: 50 };

export const TEST_KEY = 'an encryption key for tests';

/** A presenter that tests change where they need to. */
export const CREDENTIAL_A: Presenter = {
	credentialId: 'credential-a',
	credentialName: 'Exact Online A',
	instanceId: 'instance-1',
	duplicatePolicy: 'refuse',
};

/** Another credential of the same n8n. */
export const CREDENTIAL_B: Presenter = {
	...CREDENTIAL_A,
	credentialId: 'credential-b',
	credentialName: 'B',
};

/** The hook, which knows neither credential nor instance. */
export const HOOK: Presenter = {
	credentialId: null,
	credentialName: null,
	instanceId: null,
	duplicatePolicy: 'refuse',
};

/** What this process remembers is forgotten, as after a restart. */
export function forgetMemory(): void {
	const { tokens, authorizations } = chainMemory();
	const { flights } = flightState();
	tokens.clear();
	authorizations.clear();
	flights.clear();
}

/** An authorization as n8n's credential holds it right after Connect at the simulator. */
export function connect(
	simulator: ExactOnlineSimulator,
	presenter: Presenter = CREDENTIAL_A,
	options: { app?: number; user?: number; clientSecret?: string } = {},
): Authorization {
	const app = simulator.world.apps[options.app ?? 0]!;
	const user = simulator.world.users[options.user ?? 0]!;
	const issued = simulator.issueTokens(app.clientId, user.userId);
	return {
		host: simulator.url,
		clientId: app.clientId,
		clientSecret: options.clientSecret ?? app.clientSecret,
		pair: {
			accessToken: issued.accessToken,
			refreshToken: issued.refreshToken,
			lifeMs: simulator.switches.accessTokenLifeSeconds * 1000,
		},
		issuedAt: Date.now(),
		ignoreSslIssues: false,
		presenter,
	};
}

/** An authorization whose access token has ended before anybody used it. */
export function expiredConnect(simulator: ExactOnlineSimulator): Authorization {
	const authorization = connect(simulator);
	simulator.ageChain(authorization.clientId, simulator.world.users[0]!.userId, 700);
	return { ...authorization, issuedAt: Date.now() - 700_000 };
}

/** The same authorization, presented by somebody else (a copied credential, the hook). */
export function presentedBy(
	authorization: Authorization,
	presenter: Partial<Presenter>,
): Authorization {
	return { ...authorization, presenter: { ...authorization.presenter, ...presenter } };
}

/**
 * Lets time pass for one chain, at the service and in this process and vault alike, without
 * waiting for it.
 */
export async function passTime(
	simulator: ExactOnlineSimulator,
	{ vault }: { vault: Vault },
	authorization: Authorization,
	seconds: number,
): Promise<void> {
	const userId = simulator.world.users.find((user) =>
		Object.hasOwn(simulator.chains(), `${authorization.clientId}#${user.userId}`),
	)!.userId;
	simulator.ageChain(authorization.clientId, userId, seconds);
	await passTimeInVault(vault, seconds);
	passTimeInMemory(seconds);
}

/** The same in the vault alone, for all chains. */
export async function passTimeInVault(vault: Vault, seconds: number): Promise<void> {
	const shift = seconds * 1000;
	await vault.write(function* () {
		yield* query(
			`UPDATE ${TABLES.record} SET requested_at = requested_at - $1, received_at = received_at - $1`,
			[shift],
		);
		yield* query(
			`UPDATE ${TABLES.attempt} SET started_at = started_at - $1, finished_at = finished_at - $1`,
			[shift],
		);
		yield* query(
			`UPDATE ${TABLES.rival} SET claimed_at = claimed_at - $1, added_at = added_at - $1,
				tried_at = tried_at - $1, set_aside_at = set_aside_at - $1`,
			[shift],
		);
		yield* query(`UPDATE ${TABLES.proof} SET noted_at = noted_at - $1`, [shift]);
	});
}

/** The same in what this process remembers, for all chains. */
export function passTimeInMemory(seconds: number): void {
	const shift = seconds * 1000;
	for (const token of chainMemory().tokens.values()) {
		if (token.requestedAt !== null) token.requestedAt -= shift;
		if (token.receivedAt !== null) token.receivedAt -= shift;
		if (token.validUntilWall !== null) token.validUntilWall -= shift;
	}
	for (const last of processState('lastSecrets1', () => new Map<string, SecretSave>()).values()) {
		last.requestedAt -= shift;
		last.receivedAt -= shift;
	}
}

/** The outcome of a call that is expected to fail with a ConnectorError. */
export async function failureOf(work: Promise<unknown>): Promise<ConnectorError> {
	const outcome = await work.then(
		() => undefined,
		(error: unknown) => error,
	);
	if (!isConnectorError(outcome)) {
		throw new Error(`expected a ConnectorError, got ${String(outcome)}`);
	}
	return outcome;
}
