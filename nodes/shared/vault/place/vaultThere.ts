import { access } from 'node:fs/promises';
import { relationExists } from '../database/transaction';
import type { Environment } from '../../process/environment';
import { TABLES } from '../rows/schema';
import { vaultLocation } from './location';
import { openDatabase } from './openDatabase';

/** Whether there is a vault already, so that who only looks makes none. */
export async function isVaultThere(env: Environment = process.env): Promise<boolean> {
	const location = vaultLocation(env);
	if (location.engine === 'sqlite') {
		return await access(location.file).then(
			() => true,
			() => false,
		);
	}
	const database = await openDatabase(location, env);
	try {
		return await database.read(() => relationExists(TABLES.meta));
	} finally {
		await database.close();
	}
}
