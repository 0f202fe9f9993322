import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Spill } from '../../../../../nodes/shared/vault/spending/spill';
import {
	readSpills,
	removeSpill,
	spillFolders,
	writeSpill,
} from '../../../../../nodes/shared/vault/spending/spill';

const spill: Spill = {
	vaultId: 'v1',
	save: {
		recordId: 'r',
		spentGeneration: 3,
		sealed: 'v1.sealed',
		meta: { lifeMs: 1 },
		requestedAt: 1,
		receivedAt: 2,
		attemptId: 'a',
	},
};

describe('spills', () => {
	let folder: string;

	beforeEach(async () => {
		folder = await mkdtemp(join(tmpdir(), 'vault-spill-'));
	});
	afterEach(async () => await rm(folder, { recursive: true, force: true }));

	it('are written for the owner alone, found by their vault, and removed', async () => {
		const own = join(folder, 'own');
		const file = await writeSpill([own], spill);
		expect((await stat(String(file))).mode & 0o777).toBe(0o600);
		expect((await stat(own)).mode & 0o777).toBe(0o700);
		expect(await readSpills([own], 'v1')).toEqual([{ file, spill }]);
		expect(await readSpills([own], 'v2')).toEqual([]);
		await removeSpill(String(file));
		await removeSpill(String(file));
		expect(await readdir(own)).toEqual([]);
	});

	it('go to the next folder where the first takes none, and to none where no folder does', async () => {
		const blocked = join(folder, 'file');
		await writeFile(blocked, '');
		const second = join(folder, 'second');
		const file = await writeSpill([join(blocked, 'x'), second], spill);
		expect(file).toContain(second);
		expect(await writeSpill([join(blocked, 'x')], spill)).toBeUndefined();
	});

	it('pass over files that are no spill', async () => {
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
		await writeSpill([elsewhere], spill);
		const link = join(folder, 'link');
		await symlink(elsewhere, link);
		await chmod(elsewhere, 0o755);
		expect(await writeSpill([link], spill)).toBeUndefined();
		expect(await readSpills([link], 'v1')).toEqual([]);
	});
});
