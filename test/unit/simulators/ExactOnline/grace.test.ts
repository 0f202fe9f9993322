import { pairOf, SimulatorClient } from './simulatorClient';

let client: SimulatorClient;

afterEach(async () => {
	await client.close();
});

/** A chain whose first rotation has been answered into the void. */
async function loseAnswer(grace: 'none' | 'untilNewIsUsed' | 'tenMinutes'): Promise<string> {
	client = await SimulatorClient.start({ switches: { grace } });
	const { refreshToken } = client.logIn();
	client.clock.advanceSeconds(600);
	client.simulator.faults.token.push({ kind: 'lostAnswer' });
	await expect(client.refresh(refreshToken)).rejects.toThrow();
	expect(client.simulator.counters.refreshesGranted).toBe(1);
	return refreshToken;
}

test('no grace: after a lost answer the old token is old', async () => {
	const spent = await loseAnswer('none');
	client.clock.advanceSeconds(600);
	expect((await client.refresh(spent)).json).toMatchObject({ error: 'unauthorized_client' });
});

test('grace until the new one is used: first "not expired", then a new pair', async () => {
	const spent = await loseAnswer('untilNewIsUsed');
	expect((await client.refresh(spent)).json).toMatchObject({ error: 'access_denied' });
	client.clock.advanceSeconds(570);
	const healed = await client.refresh(spent);
	expect(healed.status).toBe(200);
	expect(client.simulator.counters).toMatchObject({ oldTokenUses: 2, graceUses: 2 });
	expect(client.simulator.chains()[client.chain()]).toMatchObject({ generation: 2, alive: true });

	await client.get('current/Me', pairOf(healed).accessToken);
	client.clock.advanceSeconds(600);
	expect((await client.refresh(spent)).json).toMatchObject({ error: 'unauthorized_client' });
	expect((await client.refresh(pairOf(healed).refreshToken)).status).toBe(200);
});

test('grace until the new one is used ends with a refresh by the new refresh token', async () => {
	const spent = await loseAnswer('untilNewIsUsed');
	const live = client.simulator.liveRefreshToken(client.app().clientId, client.user().userId);
	client.clock.advanceSeconds(600);
	expect((await client.refresh(live ?? '')).status).toBe(200);
	client.clock.advanceSeconds(600);
	expect((await client.refresh(spent)).json).toMatchObject({ error: 'unauthorized_client' });
});

test('a new log-in ends the grace', async () => {
	const spent = await loseAnswer('untilNewIsUsed');
	client.logIn();
	client.clock.advanceSeconds(600);
	expect((await client.refresh(spent)).json).toMatchObject({ error: 'unauthorized_client' });
});

test('ten minutes of grace: a new pair within one life, old afterwards', async () => {
	const spent = await loseAnswer('tenMinutes');
	client.clock.advanceSeconds(570);
	expect((await client.refresh(spent)).status).toBe(200);

	await client.close();
	const late = await loseAnswer('tenMinutes');
	client.clock.advanceSeconds(600);
	expect((await client.refresh(late)).json).toMatchObject({ error: 'unauthorized_client' });
});
