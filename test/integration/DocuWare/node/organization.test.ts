import type { NodeSettings } from '../../../support/n8nContext';
import { API_USER, operation, useNode, type NodeFixture } from './support/nodeFixture';

const { start } = useNode();

const listCabinets = operation('fileCabinet', 'getAll', { returnAll: true });

const NAME = 'Peters Engineering';

/** A licence for each log-on: a second session of the user would find none. */
const ONE_LICENCE = { everyLogonBooks: true, concurrentLicences: 1 } as const;

function as(
	fixture: NodeFixture,
	id: string,
	changes: Record<string, string | number> = {},
): NodeSettings {
	const own = fixture.credential(changes)?.docuWareApi;
	return { credentials: { docuWareApi: { ...own, id } } } as NodeSettings;
}

it.each([
	['without it first', '', NAME],
	['with it first', NAME, ''],
	['in another spelling', NAME, NAME.toUpperCase()],
])('one user with and without Organization has one session, %s', async (_order, first, second) => {
	const fixture = await start(ONE_LICENCE);
	const { run, simulator } = fixture;
	await run(listCabinets, as(fixture, 'one', { organization: first }));
	const later = as(fixture, 'two', { organization: second });
	expect((await run(listCabinets, later)).items).toHaveLength(2);
	expect(simulator.counters.logOns).toEqual({ password: 1, token: 0 });
	// A reference of the one is one of the other.
	const status = await run(operation('session', 'getStatus'), later);
	const items = status.items.map(({ json }) => ({ json }));
	const referring = { ...listCabinets, sessionSource: 'reference' };
	const earlier = as(fixture, 'one', { organization: first });
	expect((await run(referring, { ...earlier, items })).items).toHaveLength(2);
	expect(simulator.counters.logOns).toEqual({ password: 1, token: 0 });
});

it.each([
	['without it first', '', NAME],
	['with it first', NAME, ''],
])('finds the one user after a log-off too, %s', async (_order, first, second) => {
	const fixture = await start(ONE_LICENCE);
	const { run, simulator } = fixture;
	await run(listCabinets, as(fixture, 'one', { organization: first }));
	await run(operation('session', 'logOff'), as(fixture, 'one', { organization: first }));
	const later = as(fixture, 'two', { organization: second });
	// The licence is back at once by the token of that log-off, which the record of the user holds.
	expect((await run(listCabinets, later)).items).toHaveLength(2);
	expect(simulator.counters.logOns).toEqual({ password: 1, token: 1 });
});

it('a changed password together with an added Organization frees the licence of the own session', async () => {
	const fixture = await start({ ...ONE_LICENCE, version: '7.7', timeScale: 1 / 120 });
	const { run, simulator } = fixture;
	await run(listCabinets, as(fixture, 'one'));
	simulator.world.users.find(({ name }) => name === API_USER.userName)!.password = 'a new one';
	const changes = { organization: NAME, password: 'a new one', licenceWaitSeconds: 10 };
	const impatient = { ...changes, licenceWaitSeconds: 0 };
	await expect(run(listCabinets, as(fixture, 'two', impatient))).rejects.toMatchObject({
		message: expect.stringContaining('DOCUWARE_NO_LICENCE'),
	});
	expect(simulator.counters.logOffs).toBe(0);
	expect((await run(listCabinets, as(fixture, 'one', changes))).items).toHaveLength(2);
	expect(simulator.counters).toMatchObject({ logOffs: 1, logOns: { password: 2, token: 0 } });
});

it('joins nobody with another password or another organization', async () => {
	const fixture = await start({ concurrentLicences: 5 });
	const { run, simulator } = fixture;
	await run(listCabinets);
	const strangers: Array<Record<string, string>> = [
		{ organization: NAME, password: 'made up' },
		{ organization: 'Somebody Else' },
	];
	for (const changes of strangers) {
		await expect(run(listCabinets, as(fixture, 'two', changes))).rejects.toMatchObject({
			message: expect.stringMatching(/DOCUWARE_(?:WRONG_PASSWORD|ORGANIZATION_UNKNOWN)/),
		});
	}
	expect(simulator.counters.logOffs).toBe(0);
	expect((await run(listCabinets)).items).toHaveLength(2);
	expect(simulator.counters.logOns.password).toBe(1);
});

it('a user whose name holds a separator joins nobody, whatever the password', async () => {
	const fixture = await start({ concurrentLicences: 5 });
	const { run, simulator } = fixture;
	await run(listCabinets);
	const likeUser = simulator.world.users.find(({ name }) => name === API_USER.userName)!;
	const other = { userName: `${likeUser.name}|x`, organization: '' };
	await expect(run(listCabinets, as(fixture, 'two', other))).rejects.toMatchObject({
		message: expect.stringContaining('DOCUWARE_WRONG_PASSWORD'),
	});
});
