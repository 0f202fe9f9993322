/** What docs/operations.md promises of a connection, where no other test holds it. */
import { readFileSync } from 'node:fs';
import { copyFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
	connect,
	CREDENTIAL_A,
	CREDENTIAL_B,
	failureOf,
	forgetMemory,
	passTime,
	presentedBy,
} from '../../../support/chain/chainFixture';
import type { OpenedChain } from '../../../support/chain/chainStore';
import { openChain } from '../../../support/chain/chainStore';
import { useChain } from '../../../support/chain/useChain';

const bench = useChain();

const guide = readFileSync(join(__dirname, '../../../../docs/operations.md'), 'utf8');

/** Which files beside that of an SQLite vault the guide has removed before a copy is put in place. */
function removedBeforeRestore(): string[] {
	const [, steps = ''] = /^To restore:\n\n([\s\S]*?)\n\n/m.exec(guide) ?? [];
	const [, files = ''] =
		/^2\. With SQLite, remove the files ending in (.*) beside/m.exec(steps) ?? [];
	return [...files.matchAll(/`(-\w+)`/g)].map(([, ending = '']) => ending);
}

async function token({ chain }: OpenedChain, authorization: ReturnType<typeof connect>) {
	return await chain.getToken(authorization, 'normal');
}

it('a restored vault: Connect once for what was refreshed since the copy, nothing for what was idle', async () => {
	const { simulator, store } = bench;
	// Where the age of the chain is looked at first, the spent token is told only once that has run out.
	simulator.configure({ tooEarlyCheckedFirst: false });
	const [used, idle] = [connect(simulator), connect(simulator, CREDENTIAL_B, { user: 1 })];
	const before = await openChain(store);
	await token(before, used);
	await token(before, idle);
	await passTime(simulator, before, used, 601);
	simulator.ageChain(idle.clientId, simulator.world.users[1]!.userId, 601);
	await before.close();
	forgetMemory();
	if (store.location.engine !== 'sqlite') throw new Error('the vault is no file');
	const { file } = store.location;
	const copy = `${file}.copy`;
	await copyFile(file, copy);

	const worker = await bench.start();
	await expect(worker.getToken(used)).resolves.toMatchObject({ generation: 2 });
	// A process that ends in order takes these files away; one that is killed leaves them.
	await worker.signal('SIGKILL');
	expect((await stat(`${file}-wal`)).size).toBeGreaterThan(0);
	for (const ending of removedBeforeRestore()) await rm(`${file}${ending}`);
	await copyFile(copy, file);
	const after = await bench.open();
	expect(await failureOf(token(after, used))).toMatchObject({ code: 'EXACT_OLD_REFRESH_TOKEN' });
	await expect(token(after, idle)).resolves.toMatchObject({ generation: 2 });
	const again = connect(simulator);
	await expect(token(after, again)).resolves.toMatchObject({
		accessToken: again.pair.accessToken,
	});
});

it('a client secret that was changed at Exact Online goes on with the log-in that is there', async () => {
	const opened = await bench.open();
	const before = connect(bench.simulator);
	const letEnd = async () => await passTime(bench.simulator, opened, before, 601);
	await token(opened, before);
	await letEnd();
	await expect(token(opened, before)).resolves.toMatchObject({ generation: 2 });
	Object.assign(bench.simulator.world.apps[0]!, { clientSecret: 'changed' });
	await letEnd();
	expect(await failureOf(token(opened, before))).toMatchObject({ code: 'EXACT_INVALID_CLIENT' });
	const after = { ...before, clientSecret: 'changed' };
	await expect(token(opened, after)).resolves.toMatchObject({ generation: 3 });
	await letEnd();
	await expect(token(opened, after)).resolves.toMatchObject({ generation: 4 });
	expect(bench.simulator.counters).toMatchObject({ oldTokenUses: 0, tooEarly: 0 });
});

it('a client id that was mistyped is corrected without Connect; that of another app needs it', async () => {
	const opened = await bench.open();
	const before = connect(bench.simulator);
	const letEnd = async () => await passTime(bench.simulator, opened, before, 601);
	await token(opened, before);
	await letEnd();
	await expect(token(opened, before)).resolves.toMatchObject({ generation: 2 });
	const [, otherApp] = bench.simulator.world.apps;
	const { clientId, clientSecret } = otherApp!;
	for (const wrong of [{ clientId: `${before.clientId}0` }, { clientId, clientSecret }]) {
		await letEnd();
		const failure = await failureOf(token(opened, { ...before, ...wrong }));
		expect(failure.repair).toContain('press Connect');
	}
	await expect(token(opened, before)).resolves.toMatchObject({ generation: 3 });
});

it('another instance id: connections go on until the next Connect, which Take Over Registration heals', async () => {
	const opened = await bench.open();
	const before = connect(bench.simulator);
	const letEnd = async () => await passTime(bench.simulator, opened, before, 601);
	await token(opened, before);
	await letEnd();
	await token(opened, before);
	const moved = presentedBy(before, { instanceId: 'instance-2' });
	forgetMemory();
	await letEnd();
	await expect(token(opened, moved)).resolves.toMatchObject({ generation: 3 });

	const again = connect(bench.simulator, { ...CREDENTIAL_A, instanceId: 'instance-2' });
	const refusal = await failureOf(token(opened, again));
	expect(refusal).toMatchObject({ code: 'EXACT_DUPLICATE_IDENTIFIER' });
	expect(refusal.message).toContain('another n8n instance');
	await opened.chain.takeOver(again);
	await letEnd();
	await expect(token(opened, again)).resolves.toMatchObject({ generation: 4 });
});
