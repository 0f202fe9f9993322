import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import type { NodeSettings } from '../../../support/n8nContext';
import { operation, useNode, type NodeFixture } from './support/nodeFixture';

const { start } = useNode();

const session = (name: string, parameters = {}) => operation('session', name, parameters);
const listCabinets = operation('fileCabinet', 'getAll', { returnAll: true });

const jsonOf = ({ items }: { items: INodeExecutionData[] }): IDataObject => items[0]?.json ?? {};

const withCode = (code: string) => ({ message: expect.stringContaining(`[${code}]`) });

/** A token for one use, made by the vault; a newer one then takes its place as the newest. */
async function overtakenSingle({ run }: NodeFixture): Promise<string> {
	const single = { usage: 'Single', includeSecret: true };
	const made = jsonOf(await run(session('createLoginToken', single)));
	await run(session('createLoginToken'));
	await run(session('logOff', { createTokenFirst: false }));
	return String(made.loginToken);
}

const given = (token: string, tokenUsage: string) =>
	session('tokenLogOn', { tokenSource: 'given', token, tokenUsage });

const byCredential = ({ simulator }: NodeFixture, token: string, usage: string): NodeSettings => ({
	credentials: {
		docuWareTokenApi: {
			id: 'token-1',
			data: { platformUrl: simulator.url, loginToken: token, usage },
		},
	},
});

const listByToken = { ...listCabinets, authentication: 'loginToken' };

describe('a login token for one use that the vault made, and that is not the newest', () => {
	it.each(['Single', 'Multi'])('is sent once, called %s by whoever gives it', async (usage) => {
		const fixture = await start({ concurrentLicences: 5 });
		const { run, simulator } = fixture;
		const token = await overtakenSingle(fixture);
		expect(jsonOf(await run(given(token, usage)))).toMatchObject({ openedBy: 'loginToken' });
		simulator.revokeSessions();
		await expect(run(given(token, usage))).rejects.toMatchObject(withCode('DOCUWARE_TOKEN_USED'));
		expect(simulator.counters.loginTokens).toMatchObject({ used: 1, reusedSingle: 0, refused: 0 });
		// The newest one is another token.
		expect(jsonOf(await run(session('tokenLogOn')))).toMatchObject({ openedBy: 'loginToken' });
	});

	it('is sent once, whether it is given or stands in a credential', async () => {
		const fixture = await start({ concurrentLicences: 5 });
		const { run, simulator } = fixture;
		const token = await overtakenSingle(fixture);
		expect((await run(listByToken, byCredential(fixture, token, 'Multi'))).items).toHaveLength(2);
		simulator.revokeSessions();
		await expect(run(given(token, 'Multi'))).rejects.toMatchObject(withCode('DOCUWARE_TOKEN_USED'));
		await expect(run(listByToken, byCredential(fixture, token, 'Multi'))).rejects.toMatchObject(
			withCode('DOCUWARE_TOKEN_USED'),
		);
		expect(simulator.counters.loginTokens).toMatchObject({ used: 1, reusedSingle: 0, refused: 0 });
	});

	it('is sent once, given and by a credential at the same moment', async () => {
		const fixture = await start({ concurrentLicences: 5 });
		const { run, simulator } = fixture;
		const token = await overtakenSingle(fixture);
		const outcomes = await Promise.allSettled([
			run(given(token, 'Single')),
			run(listByToken, byCredential(fixture, token, 'Single')),
		]);
		expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
		expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
			reason: withCode('DOCUWARE_TOKEN_USED'),
		});
		expect(simulator.counters.loginTokens).toMatchObject({ used: 1, reusedSingle: 0, refused: 0 });
	});

	it('that never reached the server is good for another try', async () => {
		const fixture = await start({ concurrentLicences: 5 });
		const { run, simulator } = fixture;
		const token = await overtakenSingle(fixture);
		simulator.faults.push({
			kind: 'status',
			status: 404,
			where: { tags: { route: 'Account/TokenLogOn' } },
		});
		expect(jsonOf(await run(given(token, 'Single')))).toMatchObject({ openedBy: 'loginToken' });
		expect(simulator.faults.size).toBe(0);
	});
});
