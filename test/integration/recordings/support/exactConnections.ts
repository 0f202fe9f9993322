import type { ExactOnlineSimulator } from '../../../simulators/ExactOnline';
import { resolvedStandIn } from '../../../support/exactStandIn';
import { fingerprintAsRecorded, sealAsRecorded } from '../../../support/recordings/storedFormat';
import { RECORDING_KEY } from '../../../support/recordings/vaultFolder';
import type { CredentialFields, RecordingBench } from './recordingBench';

/** One press on Connect: the credential as n8n then stores it. */
export interface Connection {
	fields: CredentialFields;
	clientId: string;
	userId: string;
}

/** Presses on Connect at a simulator, with names for everything in them that differs per run. */
export interface Connections {
	/** A new log-in of a user in an app, both by their place in the simulator's world. */
	connect(name: string, app: number, user: number, fields?: CredentialFields): Connection;
	/** Makes one chain older, at the service and in the vault; the process begins anew. */
	letPass(connection: Connection, seconds: number): Promise<void>;
	/** What another process of an earlier version saves: the next generation. */
	saveElsewhere(connection: Connection): void;
}

/** Connections at this simulator for the vault of a bench. */
export function connectionsAt(simulator: ExactOnlineSimulator, bench: RecordingBench): Connections {
	nameWorld(simulator, bench);
	return {
		connect: (name, app, user, fields = {}) => {
			const connection = logIn(simulator, app, user, fields);
			nameDigests(name, simulator, connection, bench);
			return connection;
		},
		letPass: async ({ clientId, userId }, seconds) => {
			simulator.ageChain(clientId, userId, seconds);
			bench.place.raw.run(
				`UPDATE exactonline_docuware_record SET requested_at = requested_at - ?1,
					received_at = received_at - ?1 WHERE identity LIKE ?2`,
				seconds * 1000,
				`%|${clientId}#${userId}`,
			);
			bench.place.raw.run(
				`UPDATE exactonline_docuware_rival SET claimed_at = claimed_at - ?1,
					added_at = added_at - ?1 WHERE record_id IN
					(SELECT id FROM exactonline_docuware_record WHERE identity LIKE ?2)`,
				seconds * 1000,
				`%|${clientId}#${userId}`,
			);
			await bench.restart();
		},
		saveElsewhere: (connection) => saveElsewhere(connection, bench),
	};
}

function nameWorld({ url, world }: ExactOnlineSimulator, { names }: RecordingBench): void {
	names.add(url, 'host');
	for (const [index, { clientId }] of world.apps.entries()) names.add(clientId, `app ${index}`);
	for (const [index, { userId }] of world.users.entries()) names.add(userId, `user ${index}`);
}

function logIn(
	simulator: ExactOnlineSimulator,
	app: number,
	user: number,
	fields: CredentialFields,
): Connection {
	const { clientId, clientSecret } = simulator.world.apps[app]!;
	const { userId } = simulator.world.users[user]!;
	const issued = simulator.issueTokens(clientId, userId);
	const oauthTokenData = {
		access_token: issued.accessToken,
		refresh_token: issued.refreshToken,
		expires_in: '600',
		n8n_expires_at: String(Date.now() + 600_000),
	};
	const own = { ...resolvedStandIn(simulator.url), clientId, clientSecret };
	const common = { duplicateRegistration: 'refuse', oauthTokenData };
	return { clientId, userId, fields: { ...own, ...common, ...fields } };
}

function nameDigests(
	name: string,
	{ url, world }: ExactOnlineSimulator,
	{ fields, clientId }: Connection,
	{ names }: RecordingBench,
): void {
	const tokens = fields.oauthTokenData as { access_token: string; refresh_token: string };
	const secret = String(fields.clientSecret);
	const isRight = world.apps.some(({ clientSecret }) => clientSecret === secret);
	const digest = (purpose: string, part: string) =>
		fingerprintAsRecorded(RECORDING_KEY, purpose, url, clientId, part);
	names
		.add(tokens.access_token, `access token of ${name}`)
		.add(digest('authorization', tokens.refresh_token), `authorization: host, app, ${name}`)
		.add(
			digest('client secret', secret),
			`client secret: host, app, ${isRight ? 'its secret' : 'a wrong secret'}`,
		);
}

function saveElsewhere({ clientId, userId }: Connection, { place }: RecordingBench): void {
	const identity = `|${clientId}#${userId}`;
	const record = place.raw.rows('record').find((row) => String(row.identity).endsWith(identity))!;
	const pair = { accessToken: 'other access', refreshToken: 'other refresh', lifeMs: 600_000 };
	const generation = Number(record.generation) + 1;
	place.raw.run(
		`UPDATE exactonline_docuware_record SET generation = ?1, sealed = ?2, requested_at = ?3,
			received_at = ?3 WHERE id = ?4`,
		generation,
		sealAsRecorded(RECORDING_KEY, JSON.stringify(pair), `${String(record.id)}:${generation}`),
		Date.now(),
		record.id ?? null,
	);
}
