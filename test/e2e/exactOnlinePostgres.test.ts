import { existsSync } from 'node:fs';
import { startTestPostgres, type TestPostgres } from '../support/postgres/testPostgres';
import { ExactHost } from './support/exactHost';
import { meNode, webhookWorkflow } from './support/exactWorkflows';
import { runTogether } from './support/together';

const PREFIX = 'n8n_';

let postgres: TestPostgres;

beforeAll(async () => {
	postgres = await startTestPostgres();
});

afterAll(async () => await postgres.close());

it('where n8n keeps its data in PostgreSQL the vault has tables beside it, and no file', async () => {
	const database = await postgres.createDatabase();
	const { hostname, port, username, password } = new URL(database.url);
	const exact = await ExactHost.start({
		identities: 1,
		env: { DB_TABLE_PREFIX: PREFIX },
		database: {
			host: hostname,
			port: Number(port),
			database: database.name,
			user: username,
			password: decodeURIComponent(password),
		},
	});
	try {
		const identity = exact.newIdentity();
		exact.issueShortLives();
		const credential = await exact.connectedCredential(identity, 'On PostgreSQL');
		await exact.letTokenEnd(identity);
		const workflow = await webhookWorkflow(exact, meNode(credential));
		const executions = await runTogether(exact, identity, [workflow], 10);
		expect(executions.map(({ status }) => status)).toEqual(Array(10).fill('success'));
		expect(exact.tokenPosts(identity)).toBe(1);
		const rows = await database.sql(
			`SELECT identity, generation FROM ${PREFIX}exactonline_docuware_record`,
		);
		expect(rows).toEqual([
			{ identity: expect.stringContaining(identity.identifier) as string, generation: '2' },
		]);
		expect(existsSync(exact.vaultFile)).toBe(false);
	} finally {
		await exact.dispose();
	}
});
