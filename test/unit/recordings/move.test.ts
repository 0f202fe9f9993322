import { createHmac } from 'node:crypto';
import { join } from 'node:path';

import { closeVaults, openVault } from '../../../nodes/shared/vault/place/openVault';
import { Placeholders } from '../../support/recordings/placeholders';
import type { RawVault } from '../../support/recordings/rawVault';
import { openRawVault, TABLE_NAMES } from '../../support/recordings/rawVault';
import type { AllowedDifference } from '../../support/recordings/recording';
import { expectAsRecorded } from '../../support/recordings/recording';
import {
	fingerprintAsRecorded,
	keyCheckAsRecorded,
	openAsRecorded,
	sealAsRecorded,
} from '../../support/recordings/storedFormat';
import type { RestoredVault } from './support/restoredVault';
import { openRestoredVault } from './support/restoredVault';

const allowedDifferences: AllowedDifference[] = [
	{
		path: 'left > schema_version',
		change: 'changed',
		is: '2',
		issue: 8,
		reason: 'schema 2 adds tables; what stands in a vault is read on as it is',
	},
	{
		path: 'left > oldest_reader',
		change: 'changed',
		is: '2',
		issue: 8,
		reason: 'code of schema 1 would let a newcomer in without proof',
	},
	{
		path: 'filled > schema_version',
		change: 'changed',
		is: '2',
		issue: 8,
		reason: 'schema 2 adds tables; what stands in a vault is read on as it is',
	},
	{
		path: 'filled > oldest_reader',
		change: 'changed',
		is: '2',
		issue: 8,
		reason: 'code of schema 1 would let a newcomer in without proof',
	},
];

const NEW_KEY = 'a key that is shared';

/** What a sealed item belongs to. */
const ITEM_SUBJECT = 'item:["scope","name"]';

let from: RestoredVault<unknown>;
let names: Placeholders;
const others: RawVault[] = [];

beforeEach(async () => {
	from = await openRestoredVault('docuWare.vault');
	await closeVaults();
	names = new Placeholders()
		.add(from.folder, 'folder')
		.add(keyCheckAsRecorded(from.recording.key), 'check of the old key')
		.add(keyCheckAsRecorded(NEW_KEY), 'check of the new key');
});

afterEach(async () => {
	for (const other of others.splice(0)) other.close();
	await from.close();
});

/** The notes of a vault by name; what is sealed is told by the test itself. */
function notesOf(vault: RawVault): Record<string, string> {
	return Object.fromEntries(
		vault
			.rows('meta')
			.map(({ name, value }) => [
				String(name),
				names.inText(String(value)).replace(/^v1\..*/, '<sealed>'),
			]),
	);
}

function opened(file: string): RawVault {
	const other = openRawVault(file);
	others.push(other);
	return other;
}

it('moves a vault under another key so that an older process reads it on', async () => {
	const { key } = from.recording;
	from.raw.run(
		`INSERT INTO exactonline_docuware_item (scope, name, value, version, updated_at)
			VALUES ('scope', 'name', ?1, 1, 1)`,
		sealAsRecorded(key, 'content', ITEM_SUBJECT),
	);
	const file = join(from.folder, 'moved.sqlite');
	await openVault({
		...process.env,
		N8N_EXACTONLINE_DOCUWARE_VAULT: `sqlite:${file}`,
		N8N_EXACTONLINE_DOCUWARE_VAULT_KEY: NEW_KEY,
		N8N_EXACTONLINE_DOCUWARE_VAULT_MOVE_FROM: `sqlite:${from.file}`,
	});
	const to = opened(file);
	const leases = from.raw.written().filter(({ table }) => table === 'lease');
	expectAsRecorded(
		join(__dirname, 'move.json'),
		{
			left: notesOf(from.raw),
			lease: leases.at(-1)?.row.name,
			filled: notesOf(to),
			rows: Object.fromEntries(TABLE_NAMES.map((table) => [table, to.rows(table).length > 0])),
		},
		{ allowedDifferences },
	);
	for (const { id, generation, sealed } of to.rows('record')) {
		const subject = `${String(id)}:${String(generation)}`;
		expect(() => openAsRecorded(NEW_KEY, String(sealed), subject)).not.toThrow();
	}
	const item = to.rows('item').find(({ scope }) => scope === 'scope');
	expect(openAsRecorded(NEW_KEY, String(item?.value), ITEM_SUBJECT)).toBe('content');
	const note = to.rows('meta').find(({ name }) => name === 'fingerprint_key');
	const kept = openAsRecorded(NEW_KEY, String(note?.value), 'fingerprint key');
	const digest = createHmac('sha256', Buffer.from(kept, 'base64')).update('["purpose"]');
	expect(digest.digest('hex')).toBe(fingerprintAsRecorded(key, 'purpose'));
});

it('takes a vault back that an older process had begun to move', async () => {
	const file = join(from.folder, 'never.sqlite');
	from.raw.run(
		'INSERT INTO exactonline_docuware_meta (name, value) VALUES (?1, ?2)',
		...['moved_to', JSON.stringify({ location: file, moveId: 'move-1' })],
	);
	await expect(openVault(process.env)).rejects.toMatchObject({ code: 'VAULT_MOVED' });
	await openVault({ ...process.env, N8N_EXACTONLINE_DOCUWARE_VAULT_MOVE_FROM: `sqlite:${file}` });
	expect(notesOf(from.raw)).not.toHaveProperty('moved_to');
	expect(notesOf(opened(file))).toMatchObject({ cancelled_move: 'move-1' });
});
