import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { publishedCredential } from '../../../support/recordings/publishedTypes';
import type { RawRow } from '../../../support/recordings/rawVault';
import { readRecording } from '../../../support/recordings/recording';
import { runPublishedNode } from '../../../support/recordings/runPublishedNode';
import { openAsRecorded } from '../../../support/recordings/storedFormat';
import type { VaultDump } from '../../../support/recordings/vaultDump';
import { restoreVault } from '../../../support/recordings/vaultDump';
import type { VaultFolder } from '../../../support/recordings/vaultFolder';
import { openVaultFolder } from '../../../support/recordings/vaultFolder';

export type CredentialFields = ICredentialDataDecryptedObject;

const recordings = join(__dirname, '..');

/** A recorded vault, in use by this process as by a newer version. */
export interface RestoredVault<Recording> extends VaultFolder {
	recording: VaultDump & Recording;
	/** The only record of the vault whose identity ends so, as it was recorded. */
	recorded(identityEnd: string): RawRow & { id: string; identity: string };
	/** The secret of that record, opened as the recorded version does. */
	secretOf(identityEnd: string): unknown;
}

/** Restores the recorded vault of that name, with the tables of that time, and opens it. */
export async function openRestoredVault<Recording>(
	name: string,
): Promise<RestoredVault<Recording>> {
	const recording = readRecording<VaultDump & Recording>(join(recordings, `${name}.json`));
	const { created } = readRecording<{ created: Record<string, string> }>(
		join(recordings, 'schema.sqlite.json'),
	);
	const place = await openVaultFolder((file) =>
		restoreVault(recording, file, Object.values(created)),
	);
	const recorded = (identityEnd: string) => {
		const found = recording.rows.record.filter(({ identity }) =>
			String(identity).endsWith(identityEnd),
		);
		if (found.length !== 1) throw new Error(`${found.length} records of ${identityEnd}`);
		return found[0] as RawRow & { id: string; identity: string };
	};
	return {
		...place,
		recording,
		recorded,
		secretOf: (identityEnd) => {
			const { id, generation, sealed } = recorded(identityEnd);
			const subject = `${id}:${String(generation)}`;
			return JSON.parse(openAsRecorded(recording.key, String(sealed), subject));
		},
	};
}

/** The access token that n8n gets before a request with an OAuth2 credential. */
export async function hookToken(type: string, fields: CredentialFields): Promise<string> {
	const { preAuthentication } = publishedCredential(type);
	const answer: unknown = await preAuthentication!.call({} as never, { ...fields });
	return (answer as { oauthTokenData: { access_token: string } }).oauthTokenData.access_token;
}

/** Runs a session operation of the DocuWare node. */
export async function session(
	operation: string,
	type: string,
	fields: CredentialFields,
	parameters: Record<string, string | boolean> = {},
): Promise<Record<string, unknown>> {
	const [output = {}] = await runPublishedNode('docuWare', {
		parameters: { resource: 'session', operation, ...parameters },
		credentials: { [type]: { id: 'credential-a', data: fields } },
		executionId: 'execution-1',
	});
	return output;
}

/** Puts a recorded spill where n8n's user folder has them, as old as it was when it was recorded. */
export function restoreSpill({
	folder,
	recording,
}: RestoredVault<{ spill: { name: string; content: string } }>): string {
	const { name, content } = recording.spill;
	const passed = Date.now() - recording.takenAt;
	const aged = content.replace(
		/"(requestedAt|receivedAt)":(\d+)/g,
		(_found, member: string, time: string) => `"${member}":${Number(time) + passed}`,
	);
	const spills = join(folder, '.n8n', 'exactonline-docuware-spill');
	mkdirSync(spills, { recursive: true, mode: 0o700 });
	writeFileSync(join(spills, name), aged, { mode: 0o600 });
	return join(spills, name);
}
