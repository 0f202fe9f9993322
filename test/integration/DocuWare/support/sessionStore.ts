import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { TestPostgres } from '../../../support/postgres/testPostgres';
import { startTestPostgres } from '../../../support/postgres/testPostgres';

/** Both engines, for `describe.each`. */
export const ENGINES = ['sqlite', 'postgres'] as const;

export type Engine = (typeof ENGINES)[number];

/** A place for a vault that several processes share. */
export interface SessionStore {
	/** What makes a process keep its vault there. */
	environment: Record<string, string>;
	folder: string;
	/** Every byte of the store's files, for the search for secrets. */
	readAll(): Promise<Buffer>;
	close(): Promise<void>;
}

/** Makes stores of one engine; PostgreSQL is started once for all of them. */
export interface SessionStores {
	create(): Promise<SessionStore>;
	close(): Promise<void>;
}

/** Starts what stores of this engine need. */
export async function startSessionStores(engine: Engine): Promise<SessionStores> {
	const postgres: TestPostgres | undefined =
		engine === 'postgres' ? await startTestPostgres() : undefined;
	return {
		create: async () => await createStore(postgres),
		close: async () => await postgres?.close(),
	};
}

async function createStore(postgres: TestPostgres | undefined): Promise<SessionStore> {
	const folder = await mkdtemp(join(tmpdir(), 'docuware-session-'));
	const url =
		postgres === undefined
			? `sqlite:${join(folder, 'vault.sqlite')}`
			: (await postgres.createDatabase()).url;
	return {
		folder,
		environment: {
			N8N_USER_FOLDER: folder,
			N8N_ENCRYPTION_KEY: 'an encryption key for tests',
			N8N_EXACTONLINE_DOCUWARE_VAULT: url,
		},
		readAll: async () => {
			const names = await readdir(folder, { recursive: true, withFileTypes: true });
			const files = names.filter((entry) => entry.isFile());
			return Buffer.concat(
				await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name)))),
			);
		},
		close: async () => await rm(folder, { recursive: true, force: true }),
	};
}

/** Makes this test process keep its vault in a store; gives back what undoes it. */
export function useStore(store: SessionStore): () => void {
	const before = Object.fromEntries(
		Object.keys(store.environment).map((name) => [name, process.env[name]]),
	);
	Object.assign(process.env, store.environment);
	return () => {
		for (const [name, value] of Object.entries(before)) {
			if (value === undefined) delete process.env[name];
			else process.env[name] = value;
		}
	};
}
