import { randomUUID } from 'node:crypto';
import { close, fdatasyncSync, fstatSync, fsync, ftruncateSync, open, writeSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { passOn } from '../../errors';
import { thisHolder } from '../../process/holder';
import { isOwnFolder, removeSpill, setSpillAside, SPILL_SUFFIX } from './spill';
import type { Spill } from './spillFrame';
import { givenUpMark, spillFrame, spillHeader } from './spillFrame';

/** A disk that took longer than this is not waited for before a save, in milliseconds. */
const SLOW_DISK_MS = 250;

/** How long a slow or failing disk is left alone, in milliseconds. */
const SLOW_DISK_PAUSE_MS = 60_000;

/** How many empty files one vault keeps open for the next secrets. */
const IDLE_FILES = 4;

const openFile = promisify(open);
const closeFile = promisify(close);
const syncFile = promisify(fsync);

/** A file kept open. */
interface SpillSlot {
	file: string;
	descriptor: number;
	/** Length of the header; the frame follows it. */
	start: number;
	/** Length of header and frame; equal to `start` while it holds nothing. */
	end: number;
}

/**
 * Writes spills into files that were opened before their secrets were asked for, so that a secret is on
 * the disk with one write and one flush, before anything else happens in this process.
 */
export class SpillWriter {
	private readonly idle: SpillSlot[] = [];

	/** By file. */
	private readonly filled = new Map<string, SpillSlot>();

	private opening = 0;

	/** Monotonic clock; while it lies ahead, a spill is only written once a save has failed. */
	private slowUntil = -Infinity;

	/** The folder that took no spill last; it is tried after the others. */
	private failed: string | undefined;

	private closed = false;

	constructor(private readonly folders: string[]) {}

	/**
	 * Opens files until `count` secrets can be spilled at once.
	 * @returns undefined where enough are open; the promise never rejects.
	 */
	prepare(count: number): Promise<void> | undefined {
		const missing = count - this.idle.length - this.opening;
		if (missing <= 0 || this.closed) return undefined;
		this.opening += missing;
		return this.openMore(missing);
	}

	/**
	 * Writes a spill durably before it returns.
	 * @param before true where the save has not been tried yet; then a slow disk is not waited for.
	 * @returns the file; undefined where none was open, or the disk did not take it.
	 */
	write(spill: Spill, before: boolean): string | undefined {
		const began = performance.now();
		if (before && began < this.slowUntil) return undefined;
		const slot = this.takeIdle();
		if (slot === undefined) return undefined;
		try {
			const frame = spillFrame(spill);
			writeWhole(slot, frame, slot.start);
			slot.end = slot.start + frame.length;
			fdatasyncSync(slot.descriptor);
		} catch {
			this.slowUntil = performance.now() + SLOW_DISK_PAUSE_MS;
			this.failed = dirname(slot.file);
			void discard(slot);
			return undefined;
		}
		if (performance.now() - began > SLOW_DISK_MS) {
			this.slowUntil = performance.now() + SLOW_DISK_PAUSE_MS;
		}
		this.filled.set(slot.file, slot);
		return slot.file;
	}

	/** Marks a spill as one that any process may bring in at once. */
	giveUp(file: string): void {
		const slot = this.filled.get(file);
		if (slot === undefined) return;
		this.filled.delete(file);
		try {
			writeWhole(slot, givenUpMark(), slot.end);
		} catch {
			// Others then wait until it is old enough.
		}
		void closeFile(slot.descriptor).catch(() => undefined);
	}

	/** Empties a file whose spill is saved, for the next secret. A file of another process is removed. */
	async clear(file: string): Promise<void> {
		const slot = this.filled.get(file);
		if (slot === undefined) return await removeSpill(file);
		this.filled.delete(file);
		if (this.closed || this.idle.length >= IDLE_FILES || !empty(slot)) await discard(slot);
		else this.idle.push(slot);
	}

	/** Keeps a spill for 30 days under a name that nobody brings in. @returns the new name */
	async setAside(file: string): Promise<string> {
		const slot = this.filled.get(file);
		this.filled.delete(file);
		if (slot !== undefined) await closeFile(slot.descriptor).catch(() => undefined);
		return await setSpillAside(file);
	}

	/** Closes what is open and removes what is empty. */
	async close(): Promise<void> {
		this.closed = true;
		for (const file of [...this.filled.keys()]) this.giveUp(file);
		await Promise.all(this.idle.splice(0).map(discard));
	}

	private takeIdle(): SpillSlot | undefined {
		for (let slot = this.idle.pop(); slot !== undefined; slot = this.idle.pop()) {
			if (isLinked(slot)) return slot;
			void discard(slot);
		}
		return undefined;
	}

	private async openMore(count: number): Promise<void> {
		await Promise.all(Array.from({ length: count }, async () => await this.openOne()));
	}

	private async openOne(): Promise<void> {
		const last = (folder: string) => Number(folder === this.failed);
		const slot = await openSlot([...this.folders].sort((a, b) => last(a) - last(b)));
		this.opening -= 1;
		if (slot === undefined) return;
		if (this.closed) await discard(slot);
		else this.idle.push(slot);
	}
}

/** Opens an empty file in the first folder that takes one; undefined where none does. */
async function openSlot(folders: string[]): Promise<SpillSlot | undefined> {
	for (const folder of folders) {
		try {
			return await openIn(folder);
		} catch {
			// The next folder may be on another disk.
		}
	}
	return undefined;
}

async function openIn(folder: string): Promise<SpillSlot> {
	await mkdir(folder, { recursive: true, mode: 0o700 });
	if (!(await isOwnFolder(folder))) throw new Error('not a folder of this user');
	const file = join(folder, `${randomUUID()}${SPILL_SUFFIX}`);
	const header = spillHeader(thisHolder());
	const slot = {
		file,
		descriptor: await openFile(file, 'wx', 0o600),
		start: header.length,
		end: header.length,
	};
	try {
		writeWhole(slot, header, 0);
	} catch (error) {
		await discard(slot);
		passOn(error);
	}
	// Makes the file's name durable; a secret that comes before that need not wait for it.
	void syncFolder(folder).catch(() => undefined);
	return slot;
}

async function syncFolder(folder: string): Promise<void> {
	const descriptor = await openFile(folder, 'r');
	try {
		await syncFile(descriptor);
	} finally {
		await closeFile(descriptor);
	}
}

function writeWhole({ descriptor }: SpillSlot, bytes: Buffer, at: number): void {
	let written = 0;
	while (written < bytes.length) {
		written += writeSync(descriptor, bytes, written, bytes.length - written, at + written);
	}
}

/** Whether the file still has a name: somebody may have removed it meanwhile. */
function isLinked({ descriptor }: SpillSlot): boolean {
	try {
		return fstatSync(descriptor).nlink > 0;
	} catch {
		return false;
	}
}

function empty(slot: SpillSlot): boolean {
	try {
		ftruncateSync(slot.descriptor, slot.start);
		slot.end = slot.start;
		return isLinked(slot);
	} catch {
		return false;
	}
}

async function discard({ descriptor, file }: SpillSlot): Promise<void> {
	await closeFile(descriptor).catch(() => undefined);
	await removeSpill(file);
}
