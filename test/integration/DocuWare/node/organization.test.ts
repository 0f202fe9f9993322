import type { NodeSettings } from '../../../support/n8nContext';
import { until } from '../../../support/until';
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

it('two spellings that begin at once queue for one another: one log-on, one licence, one record', async () => {
	const fixture = await start(ONE_LICENCE);
	const { run, simulator } = fixture;
	const spelled = [
		as(fixture, 'one', { organization: '' }),
		as(fixture, 'two', { organization: NAME }),
	];
	const runs = await Promise.all(
		spelled.map(async (settings) => await run(listCabinets, settings)),
	);
	expect(runs.map(({ items }) => items.length)).toEqual([2, 2]);
	expect(simulator.counters).toMatchObject({
		logOns: { password: 1, token: 0 },
		licences: { refused: 0 },
	});
	// Each goes on with that record, also by a forced session and after a log-off.
	for (const settings of spelled) await run(operation('session', 'logOff'), settings);
	for (const settings of spelled) {
		expect((await run(listCabinets, settings)).items).toHaveLength(2);
	}
	expect(simulator.counters.logOns).toEqual({ password: 1, token: 1 });
});

it('*Force* by the spelling that joins begins a session of its own in the one record', async () => {
	const fixture = await start({ concurrentLicences: 3 });
	const { run, simulator } = fixture;
	const forced = operation('session', 'logOn', { force: true });
	await Promise.all([
		run(listCabinets, as(fixture, 'one', { organization: '' })),
		run(forced, as(fixture, 'two', { organization: NAME })),
	]);
	const logOns = simulator.counters.logOns.password;
	expect((await run(listCabinets, as(fixture, 'one', { organization: '' }))).items).toHaveLength(2);
	expect(simulator.counters.logOns.password).toBe(logOns);
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

it('a changed password leaves no session of the one before open, however each was spelled', async () => {
	const fixture = await start({ ...ONE_LICENCE, concurrentLicences: 2 });
	const { run, simulator } = fixture;
	const named = { organization: NAME };
	// The one without it has met the server before, so that it has a record of its own.
	const unnamed = as(fixture, 'one', { password: 'made up' });
	await expect(run(listCabinets, unnamed)).rejects.toBeInstanceOf(Error);
	await run(listCabinets, as(fixture, 'two', named));
	simulator.world.users.find(({ name }) => name === API_USER.userName)!.password = 'a new one';
	const changes = { password: 'a new one' };
	expect((await run(listCabinets, as(fixture, 'one', changes))).items).toHaveLength(2);
	await until(() => simulator.counters.logOffs === 1);
	const later = as(fixture, 'two', { ...named, ...changes });
	expect((await run(listCabinets, later)).items).toHaveLength(2);
	expect(simulator.counters.logOns.password).toBe(2);
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

/** Neither an Identity Service nor a list that would tell a wrong organization from a wrong password. */
const SAYS_NOTHING = {
	version: '7.7',
	concurrentLicences: 5,
	organizationsInPublic: false,
} as const;

const logOnsAt = ({ simulator }: NodeFixture) =>
	simulator.counters.requests['POST Account/Logon'] ?? 0;

it('a wrong password is sent once per pause, however many spellings and callers wait', async () => {
	const fixture = await start(SAYS_NOTHING);
	const spellings = ['', NAME, NAME.toUpperCase(), 'Somebody Else', ''];
	const runs = spellings.map(async (organization, index) => {
		const changes = { organization, password: 'made up' };
		return await fixture.run(listCabinets, as(fixture, `credential ${index}`, changes));
	});
	for (const outcome of await Promise.allSettled(runs)) {
		expect(outcome).toMatchObject({
			reason: { message: expect.stringContaining('DOCUWARE_WRONG_PASSWORD') },
		});
	}
	expect(logOnsAt(fixture)).toBe(1);
});

it('a wrong Organization holds up nobody whose password has proved itself', async () => {
	const fixture = await start(SAYS_NOTHING);
	const { run, simulator } = fixture;
	await run(listCabinets, as(fixture, 'one'));
	const other = { organization: 'Somebody Else' };
	await expect(run(listCabinets, as(fixture, 'two', other))).rejects.toMatchObject({
		message: expect.stringContaining('DOCUWARE_WRONG_PASSWORD'),
	});
	simulator.revokeSessions();
	expect((await run(listCabinets, as(fixture, 'one'))).items).toHaveLength(2);
});

it('an Organization that the Identity Service shows to be wrong can be corrected at once', async () => {
	const fixture = await start({ concurrentLicences: 5, organizationsInPublic: false });
	const other = as(fixture, 'one', { organization: 'Somebody Else' });
	const refusedWith = async (work: typeof listCabinets, code: string) =>
		await expect(fixture.run(work, other)).rejects.toMatchObject({
			message: expect.stringContaining(code),
		});
	await refusedWith(listCabinets, 'DOCUWARE_WRONG_PASSWORD');
	expect(fixture.simulator.counters.grants.password).toBe(0);
	await refusedWith(
		operation('session', 'logOn', { force: true }),
		'DOCUWARE_ORGANIZATION_UNKNOWN',
	);
	await refusedWith(listCabinets, 'DOCUWARE_ORGANIZATION_UNKNOWN');
	expect(logOnsAt(fixture)).toBe(2);
	expect(fixture.simulator.counters.grants.password).toBe(1);
	const named = as(fixture, 'one', { organization: NAME });
	expect((await fixture.run(listCabinets, named)).items).toHaveLength(2);
});
