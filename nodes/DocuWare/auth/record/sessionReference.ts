import { readRecord } from '../../../shared/vault/rows/records';
import { Sealer } from '../../../shared/vault/sealing';
import type { Vault } from '../../../shared/vault/vault';
import { docuWareError } from '../../platform/docuWareErrors';
import type { ServerConnection } from '../../platform/serverAddress';
import type { ReferenceAccount } from '../account/sessionAccount';
import { SESSION_SERVICE } from '../account/sessionAccount';
import type { SessionMeta } from './sessionRecord';
import { metaOf } from './sessionRecord';

const FORMAT = 'dws1';

/**
 * The text by which a later node names this session. It is no secret of DocuWare's and worthless
 * outside this vault, but it cannot be made up either: it carries a keyed digest.
 */
export function sessionReference(vault: Vault, recordId: string): string {
	return `${FORMAT}.${recordId}.${digestOf(vault, recordId)}`;
}

/**
 * The session that a reference names, for a node whose credential is for the same server.
 * @throws ConnectorError DOCUWARE_SESSION_UNKNOWN
 */
export async function readSessionReference(
	vault: Vault,
	reference: string,
	connection: ServerConnection,
): Promise<ReferenceAccount> {
	const [format, recordId = '', digest = '', ...rest] = reference.trim().split('.');
	const isGenuine =
		format === FORMAT &&
		rest.length === 0 &&
		Sealer.sameFingerprint(digest, digestOf(vault, recordId));
	const record = isGenuine ? await vault.read(() => readRecord(recordId)) : undefined;
	const meta: SessionMeta | undefined =
		record?.service === SESSION_SERVICE ? metaOf(record) : undefined;
	if (meta === undefined) {
		throw unknown('is none that this n8n has made');
	}
	if (meta.baseUrl !== connection.address.baseUrl) {
		throw unknown(`is for another server (${meta.baseUrl}) than the credential of this node`);
	}
	return {
		kind: 'reference',
		recordId,
		address: connection.address,
		ignoreSslIssues: connection.ignoreSslIssues,
		allowHttp: connection.allowHttp,
		label: meta.label,
		wayIn: 'automatic',
		policy: 'keep',
		idleMs: 0,
		licenceWaitMs: 0,
	};
}

function digestOf(vault: Vault, recordId: string): string {
	return vault.sealer.fingerprint('docuware session reference', recordId).slice(0, 32);
}

function unknown(problem: string): Error {
	return docuWareError(
		'DOCUWARE_SESSION_UNKNOWN',
		`The session reference ${problem}.`,
		'Take the field sessionReference from the output of an earlier DocuWare node, or use ' +
			'the session of the credential.',
	);
}
