import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { ICredentialDataDecryptedObject, INodeParameters } from 'n8n-workflow';

import type { Json } from '../../../support/recordings/differences';
import { asJson } from '../../../support/recordings/differences';
import { Placeholders } from '../../../support/recordings/placeholders';
import { ProcessShapes } from '../../../support/recordings/processShapes';
import { publishedCredential } from '../../../support/recordings/publishedTypes';
import { recordedOutput } from '../../../support/recordings/recordedOutput';
import { recordedRun } from '../../../support/recordings/recordedRows';
import type { RecordingRules } from '../../../support/recordings/recording';
import { expectAsRecorded, printIfAsked } from '../../../support/recordings/recording';
import { runPublishedNode } from '../../../support/recordings/runPublishedNode';
import { dumpVault } from '../../../support/recordings/vaultDump';
import type { VaultFolder } from '../../../support/recordings/vaultFolder';
import { openVaultFolder, RECORDING_KEY } from '../../../support/recordings/vaultFolder';
import { resetProcess } from '../../DocuWare/support/resetProcess';

/** Fields of a credential, decrypted. */
export type CredentialFields = ICredentialDataDecryptedObject;

/** A vault in use, and everything that can be told of its use. */
export interface RecordingBench {
	/** The vault of this run. */
	readonly place: VaultFolder;
	/** Names for what differs from run to run. */
	readonly names: Placeholders;
	/** Secrets of accounts, by name. */
	readonly secrets: Record<string, string>;
	/** Has the present state of the process counted among the shapes. */
	look(): void;
	/** Keeps an output under a name. */
	note(name: string, output: unknown): void;
	/** What n8n does before a request with a credential. */
	hook(type: string, fields: CredentialFields): Promise<unknown>;
	/** One execution of a node with one item; the first output item. */
	node(name: string, run: NodeUse): Promise<Record<string, unknown>>;
	/** Begins this process anew; the vault stays. */
	restart(): Promise<void>;
	/** Compares all of it with the recording of that name beside the tests. */
	expectAsRecorded(name: string, rules: RecordingRules): void;
	/** Prints the vault as it is, with what is needed to use it, if `PRINT_RECORDING` asks for it. */
	printVault(name: string, more: Record<string, unknown>): void;
}

/** A use of a node. */
export interface NodeUse {
	resource: string;
	operation: string;
	/** What is not here has its default. */
	parameters?: INodeParameters;
	type: string;
	fields: CredentialFields;
	/** Default `credential-a`. */
	credentialId?: string;
}

/** Opens a vault before the tests of a file, and closes it afterwards. */
export function useRecordingBench(): RecordingBench {
	let place: VaultFolder;
	const names = new Placeholders();
	const secrets: Record<string, string> = {};
	const shapes = new ProcessShapes();
	const outputs = new Map<string, unknown>();
	beforeAll(async () => {
		place = await openVaultFolder();
		const vaultId = place.raw.rows('meta').find(({ name }) => name === 'vault_id')?.value;
		names.add(place.folder, 'folder').add(String(vaultId), 'vault');
	});
	afterAll(async () => {
		await resetProcess();
		await place.close();
	});
	const looked = async <T>(work: Promise<T>) => await work.finally(() => shapes.look());
	return {
		get place() {
			return place;
		},
		names,
		secrets,
		look: () => shapes.look(),
		note: (name, output) => void outputs.set(name, output),
		hook: async (type, fields) => await looked(callHook(type, fields)),
		node: async (name, use) => await looked(runNode(name, use)),
		restart: resetProcess,
		expectAsRecorded: (name, rules) => {
			// The rows first, because they give the records their names.
			const run = recordedRun(place.raw, { key: RECORDING_KEY, names, secrets });
			compare(name, { ...run, ...toldOf(outputs, shapes, names) }, rules);
		},
		printVault: (name, more) => {
			const dump = dumpVault(place.raw, RECORDING_KEY);
			printIfAsked(recordingFile(name), asJson({ ...dump, ...more }));
		},
	};
}

function toldOf(outputs: Map<string, unknown>, shapes: ProcessShapes, names: Placeholders) {
	const shown: Record<string, Json> = Object.fromEntries(
		[...outputs].map(([output, value]) => [output, recordedOutput(value, names)]),
	);
	return { outputs: shown, processState: shapes.in(names) };
}

/** An older copy of the package overlooks members that it does not know. */
function compare(name: string, present: object, rules: RecordingRules): void {
	const mayGrow = [...(rules.mayGrow ?? []), 'processState > **'];
	expectAsRecorded(recordingFile(name), present, { ...rules, mayGrow });
}

function recordingFile(name: string): string {
	return join(__dirname, '..', `${name}.json`);
}

async function callHook(type: string, fields: CredentialFields): Promise<unknown> {
	const { preAuthentication } = publishedCredential(type);
	if (preAuthentication === undefined) throw new Error(`${type} has no hook.`);
	return await preAuthentication.call({} as never, { ...fields });
}

async function runNode(name: string, use: NodeUse): Promise<Record<string, unknown>> {
	const { resource, operation, parameters = {}, type, fields, credentialId } = use;
	const items = await runPublishedNode(name, {
		parameters: { resource, operation, ...parameters },
		credentials: { [type]: { id: credentialId ?? 'credential-a', data: fields } },
		executionId: randomUUID(),
	});
	return items[0] ?? {};
}

/** A status whose attempts are in an order of their own: two may have begun in one millisecond. */
export function sorted(status: Record<string, unknown>): Record<string, unknown> {
	const attempts = status.attempts as Array<{ kind: string; outcome: string }>;
	const nameOf = ({ kind, outcome }: { kind: string; outcome: string }) => `${kind} ${outcome}`;
	return {
		...status,
		attempts: [...attempts].sort((one, other) => nameOf(one).localeCompare(nameOf(other))),
	};
}

/** The error code that a failure ends with; NONE where there was no failure. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
	const message = await work.then(
		() => '[NONE]',
		(error: unknown) => String(error),
	);
	return /\[([A-Z_]+)\]/.exec(message)?.[1] ?? message;
}
