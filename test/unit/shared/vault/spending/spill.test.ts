import {
	chmod,
	mkdtemp,
	readdir,
	readFile,
	rm,
	stat,
	symlink,
	utimes,
	writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { thisHolder } from '../../../../../nodes/shared/process/holder';
import {
	readSpills,
	removeSpill,
	setSpillAside,
	spillFolders,
} from '../../../../../nodes/shared/vault/spending/spill';
import type { Spill } from '../../../../../nodes/shared/vault/spending/spillFrame';
import { spillFrame, spillHeader } from '../../../../../nodes/shared/vault/spending/spillFrame';
import { SpillWriter } from '../../../../../nodes/shared/vault/spending/spillWriter';

const spill: Spill = {
	vaultId: 'v1',
	save: {
		recordId: 'r',
		spentGeneration: 3,
		sealed: 'v1.sealed',
		meta: { lifeMs: 1, name: 'Ünal' },
		requestedAt: 1,
		receivedAt: 2,
		attemptId: 'a',
	},
};
const DAY_MS = 24 * 60 * 60 * 1000;
/** A holder of this machine whose process is certainly dead. */
const dead = { ...thisHolder(), uuid: 'dead', pid: 2 ** 30 };

let folder: string;
let own: string;
let writers: SpillWriter[];

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'vault-spill-'));
	own = join(folder, 'own');
	writers = [];
});
afterEach(async () => {
	jest.useRealTimers();
	for (const writer of writers) await writer.close();
	await rm(folder, { recursive: true, force: true });
});

async function prepared(...folders: string[]): Promise<SpillWriter> {
	const writer = new SpillWriter(folders);
	writers.push(writer);
	await writer.prepare(1);
	return writer;
}

async function age(file: string, days: number): Promise<void> {
	const at = new Date(Date.now() - days * DAY_MS);
	await utimes(file, at, at);
}

describe('a spill', () => {
	it('is written for the owner alone, found by its vault, and emptied', async () => {
		const writer = await prepared(own);
		expect(await readSpills([own], 'v1')).toEqual([]);
		const file = String(await writer.write(spill, true));
		expect((await stat(file)).mode & 0o777).toBe(0o600);
		expect((await stat(own)).mode & 0o777).toBe(0o700);
		const found = await readSpills([own], 'v1');
		expect(found).toMatchObject([{ file, spill, holder: thisHolder(), givenUp: false }]);
		expect(await readSpills([own], 'v2')).toEqual([]);
		await writer.clear(file);
		expect(await readSpills([own], 'v1')).toEqual([]);
		// The same file serves the next secret, and is removed at the end.
		expect(await writer.write(spill, true)).toBe(file);
		await writer.clear(file);
		await writer.close();
		expect(await readdir(own)).toEqual([]);
	});

	it('that others may have found has its file for itself', async () => {
		const writer = await prepared(own);
		const first = String(await writer.write(spill, true));
		await writer.clear(first, true);
		await writer.prepare(1);
		const second = String(await writer.write(spill, true));
		expect(second).not.toBe(first);
		// Whoever has brought the first one in clears it late.
		await writer.clear(first);
		expect(await readSpills([own], 'v1')).toMatchObject([{ file: second }]);
		jest.useFakeTimers({ now: Date.now() + 11_000, doNotFake: ['nextTick', 'setImmediate'] });
		await writer.clear(second);
		await writer.prepare(1);
		expect(await writer.write(spill, true)).not.toBe(second);
	});

	it('that its writer gives up says so, and stays when the writer ends', async () => {
		const writer = await prepared(own);
		const file = String(await writer.write(spill, true));
		writer.giveUp(file);
		expect(await readSpills([own], 'v1')).toMatchObject([{ file, spill, givenUp: true }]);
		await writer.close();
		expect(await readSpills([own], 'v1')).toHaveLength(1);
		await removeSpill(file);
		await removeSpill(file);
		expect(await readdir(own)).toEqual([]);
	});

	it('goes to the next folder where the first takes none, and to none where no folder does', async () => {
		const blocked = join(folder, 'file');
		await writeFile(blocked, '');
		const second = join(folder, 'second');
		const writer = await prepared(join(blocked, 'x'), second);
		expect(await writer.write(spill, true)).toContain(second);
		expect(await (await prepared(join(blocked, 'x'))).write(spill, false)).toBeUndefined();
	});

	it('is written to another file where the one that is open was removed', async () => {
		const writer = await prepared(own);
		await rm(own, { recursive: true });
		expect(await writer.write(spill, true)).toBeUndefined();
		await writer.prepare(1);
		expect(await writer.write(spill, false)).toContain(own);
		expect(await readSpills([own], 'v1')).toHaveLength(1);
	});

	it('as an earlier version wrote it is found too', async () => {
		const file = join(folder, 'one.spill.json');
		await writeFile(file, JSON.stringify(spill));
		expect(await readSpills([folder], 'v1')).toMatchObject([{ file, spill, holder: null }]);
	});

	it('that is set aside is kept for 30 days and not found', async () => {
		const writer = await prepared(own);
		const kept = await writer.setAside(String(await writer.write(spill, true)));
		await age(kept, 29);
		expect(await readSpills([own], 'v1')).toEqual([]);
		expect(await readFile(kept, 'utf8')).toContain('v1.sealed');
		await age(kept, 31);
		await readSpills([own], 'v1');
		expect(await readdir(own)).toEqual([]);
		await setSpillAside(kept);
	});
});

describe('spill files', () => {
	it('that are torn or empty go once their process is dead', async () => {
		const frame = spillFrame(spill);
		const files = {
			'empty.spill': spillHeader(dead),
			'torn.spill': Buffer.concat([spillHeader(dead), frame.subarray(0, -1)]),
			'half.spill': Buffer.concat([spillHeader(dead), frame.subarray(0, 20)]),
			'living.spill': Buffer.concat([spillHeader(thisHolder()), frame.subarray(0, 20)]),
			'nameless.spill': Buffer.from('{"hol'),
		};
		for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes);
		expect(await readSpills([folder], 'v1')).toEqual([]);
		expect((await readdir(folder)).sort()).toEqual(['living.spill', 'nameless.spill']);
		await age(join(folder, 'nameless.spill'), 31);
		await readSpills([folder], 'v1');
		expect(await readdir(folder)).toEqual(['living.spill']);
	});

	it('that are no spill are passed over', async () => {
		await writeFile(join(folder, 'half.spill.json'), '{"vaultId":"v1","save":{');
		await writeFile(join(folder, 'other.spill.json'), '{"vaultId":"v1"}');
		await writeFile(join(folder, 'unfinished.spill.json.part'), JSON.stringify(spill));
		expect(await readSpills([folder, join(folder, 'missing')], 'v1')).toEqual([]);
		expect(await readFile(join(folder, 'half.spill.json'), 'utf8')).toContain('v1');
	});

	it('stand in the user folder of n8n first, then in a temporary folder of this user', () => {
		const [first, second] = spillFolders({ N8N_USER_FOLDER: '/data' });
		expect(first).toBe(join('/data', '.n8n', 'exactonline-docuware-spill'));
		expect(second?.startsWith(join(tmpdir(), 'exactonline-docuware-spill-'))).toBe(true);
	});

	it('keep out of a folder that is only a link to elsewhere', async () => {
		const elsewhere = join(folder, 'elsewhere');
		await (await prepared(elsewhere)).write(spill, true);
		const link = join(folder, 'link');
		await symlink(elsewhere, link);
		await chmod(elsewhere, 0o755);
		expect(await (await prepared(link)).write(spill, false)).toBeUndefined();
		expect(await readSpills([link], 'v1')).toEqual([]);
	});
});
