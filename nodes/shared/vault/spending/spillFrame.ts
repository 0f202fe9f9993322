import type { Holder } from '../../process/holder';
import { parseHolder } from '../../process/holder';
import type { SecretSave } from './secretSave';

/** Stands after a frame: one without it was cut off. */
const END = 'end\n';

/** Stands after the end mark once the process that wrote the spill goes on without it. */
const GIVEN_UP = 'given up\n';

/** A save that waits in a file; its secret is sealed. */
export interface Spill {
	/** Which vault it belongs to: the note `vault_id` of that vault. */
	vaultId: string;
	save: SecretSave;
}

/** What stands in a spill file. */
export interface SpillFile {
	/** The process that keeps the file; null where the file does not tell. */
	holder: Holder | null;
	/** Undefined where the file holds none, or one that was cut off. */
	spill: Spill | undefined;
	givenUp: boolean;
}

/** The first line of a spill file: whose file it is, known before it holds anything. */
export function spillHeader(holder: Holder): Buffer {
	return Buffer.from(`${JSON.stringify({ holder })}\n`);
}

/** The bytes that follow the header, written at once: length, the spill, end mark. */
export function spillFrame(spill: Spill): Buffer {
	const text = JSON.stringify(spill);
	return Buffer.from(`${Buffer.byteLength(text)}\n${text}\n${END}`);
}

/** The bytes that follow the frame once its process has given the spill up. */
export function givenUpMark(): Buffer {
	return Buffer.from(GIVEN_UP);
}

/** Reads a spill file, whatever of it has reached the disk. Never throws. */
export function parseSpillFile(text: string): SpillFile {
	const [header = '', length = '', ...lines] = text.split('\n');
	const payload = lines[0] ?? '';
	const rest = lines.slice(1).join('\n');
	const isWhole = Buffer.byteLength(payload) === Number(length) && rest.startsWith(END);
	return {
		holder: readHolder(header),
		spill: isWhole ? readSpill(payload) : undefined,
		givenUp: rest === END + GIVEN_UP,
	};
}

/** Whether a value that was read is a spill. */
export function isSpill(value: unknown): value is Spill {
	if (typeof value !== 'object' || value === null) return false;
	const { vaultId, save } = value as Partial<Spill>;
	return (
		typeof vaultId === 'string' &&
		typeof save === 'object' &&
		save !== null &&
		typeof save.recordId === 'string' &&
		typeof save.spentGeneration === 'number' &&
		typeof save.sealed === 'string'
	);
}

function readSpill(payload: string): Spill | undefined {
	const value = parsed(payload);
	return isSpill(value) ? value : undefined;
}

function readHolder(header: string): Holder | null {
	const value = parsed(header);
	if (typeof value !== 'object' || value === null) return null;
	return parseHolder(JSON.stringify((value as { holder?: unknown }).holder ?? null));
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
