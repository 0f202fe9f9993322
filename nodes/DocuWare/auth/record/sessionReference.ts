import { readRecord, type VaultRecord } from '../../../shared/vault/rows/records';
import { Sealer } from '../../../shared/vault/sealing';
import type { Vault } from '../../../shared/vault/vault';
import { docuWareError } from '../../platform/docuWareErrors';
import type { ServerConnection } from '../../platform/serverAddress';
import { SESSION_SERVICE } from '../account/sessionAccount';
import { metaOf } from './sessionRecord';

const FORMAT = 'dws2';

/** Earlier references name a record and prove nothing; the credential of the account may still show them. */
const EARLIER_FORMAT = 'dws1';

/**
 * To whom a reference is given: to everybody who proves to be the account itself (`account`, by the
 * digest of its secret), or to the one credential that handed a login token over (`giver`).
 */
export type ReferenceHolder =
	{ kind: 'account'; proof: string } | { kind: 'giver'; credential: string };

/**
 * The text by which a later node names this session. It is no secret of DocuWare's and worth nothing
 * without the credential that it was given to (docs/architecture.md, rule 10): that one's proof is in
 * its keyed digest.
 */
export function sessionReference(vault: Vault, recordId: string, holder: ReferenceHolder): string {
	return `${FORMAT}.${recordId}.${digestOf(vault, recordId, holder)}`;
}

/** A reference as it was read; nothing is proved yet. */
export interface NamedSession {
	record: VaultRecord;
	/** Whether the reference was given to this holder. */
	isHeldBy(holder: ReferenceHolder): boolean;
}

/**
 * The record that a reference names, for a node whose credential is for the same server.
 * @throws ConnectorError DOCUWARE_SESSION_UNKNOWN
 */
export async function readSessionReference(
	vault: Vault,
	reference: string,
	{ address }: ServerConnection,
): Promise<NamedSession> {
	const [format, recordId = '', digest = '', ...rest] = reference.trim().split('.');
	const isEarlier =
		format === EARLIER_FORMAT && Sealer.sameFingerprint(digest, earlierDigest(vault, recordId));
	const isWellFormed = (format === FORMAT || isEarlier) && rest.length === 0;
	const record = isWellFormed ? await vault.read(() => readRecord(recordId)) : undefined;
	if (record?.service !== SESSION_SERVICE) throw unknown('is none that this n8n has made');
	const { baseUrl } = metaOf(record);
	if (baseUrl.toLowerCase() !== address.baseUrl.toLowerCase()) {
		throw unknown('is for another server than the credential of this node');
	}
	return {
		record,
		isHeldBy: (holder) =>
			isEarlier
				? holder.kind === 'account'
				: Sealer.sameFingerprint(digest, digestOf(vault, recordId, holder)),
	};
}

/** The reference was given to another credential, or was made up. */
export function foreignReference(): Error {
	return unknown('was not given to the credential of this node');
}

function digestOf(vault: Vault, recordId: string, holder: ReferenceHolder): string {
	const who = holder.kind === 'account' ? holder.proof : holder.credential;
	return vault.sealer
		.fingerprint('docuware session reference', recordId, holder.kind, who)
		.slice(0, 32);
}

function earlierDigest(vault: Vault, recordId: string): string {
	return vault.sealer.fingerprint('docuware session reference', recordId).slice(0, 32);
}

function unknown(problem: string): Error {
	return docuWareError(
		'DOCUWARE_SESSION_UNKNOWN',
		`The session reference ${problem}.`,
		'Take the field sessionReference from the output of an earlier DocuWare node with the same ' +
			'credential, or use the session of the credential.',
	);
}
