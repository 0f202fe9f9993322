import { randomUUID } from 'node:crypto';
import { close, fstatSync, fsync, ftruncateSync, open, writeSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { passOn } from '../../errors';
import { thisHolder } from '../../process/holder';
import { isOwnFolder, removeSpill, setSpillAside, SPILL_SUFFIX } from './spill';
import type { Spill } from './spillFrame';
import { SLOW_DISK_MS, SLOW_DISK_PAUSE_MS, SpillFlush } from './spillFlush';
import { givenUpMark, spillFrame, spillHeader } from './spillFrame';

/** How many empty files one vault keeps open for the next secrets. */
const IDLE_FILES = 4;

/**
 * A file is written again only where its spill stood for less than this, in milliseconds: from 30 s on other
 * processes may be bringing it in (`spillReplay.ts`), and remove what stands under its name then.
 */
const REUSED_WITHIN_MS = 10_000;

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
	/** False where the disk has not said that it holds what was written. */
	isFlushed: boolean;
	/** When the frame was written; wall clock, like the age by which others judge the file. */
	writtenAt: number;
}

/**
 * Writes spills into files that were opened before their secrets were asked for, so that a secret outlives
 * this process with one write, before anything else happens in it, and the machine with one flush.
 */
export class SpillWriter {
	private readonly idle: SpillSlot[] = [];

	/** By file. */
	private readonly filled = new Map<string, SpillSlot>();

	private opening = 0;

	/** Monotonic clock; while it lies ahead, a spill is only written once a save has failed. */
	private slowUntil = -Infinity;

	private readonly flushing = new SpillFlush();

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
	 * Writes a spill before it returns, and lets it be flushed; a slow flush is not waited for.
	 * @param before true where the save has not been tried yet; then a disk is left alone that has just
	 * failed or been slow to write.
	 * @returns the file; undefined where none was open, or the disk did not take it. Never rejects.
	 */
	async write(spill: Spill, before: boolean): Promise<string | undefined> {
		const began = performance.now();
		if (before && began < this.slowUntil) return undefined;
		const slot = this.takeIdle();
		if (slot === undefined) return undefined;
		try {
			const frame = spillFrame(spill);
			writeWhole(slot, frame, slot.start);
			slot.end = slot.start + frame.length;
			slot.writtenAt = Date.now();
		} catch {
			return this.notTaken(slot);
		}
		this.filled.set(slot.file, slot);
		if (performance.now() - began > SLOW_DISK_MS) this.leaveAlone();
		const flushed = await this.flushing.flush(slot.descriptor);
		slot.isFlushed = flushed === 'flushed';
		return flushed === 'failed' && this.filled.delete(slot.file) ? this.notTaken(slot) : slot.file;
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

	/**
	 * Empties a file whose spill is saved, for the next secret, or removes it. A file of another process is
	 * removed.
	 * @param isKnownElsewhere true where somebody else may clear it as well: it must not hold another spill then.
	 */
	async clear(file: string, isKnownElsewhere = false): Promise<void> {
		const slot = this.filled.get(file);
		if (slot === undefined) return await removeSpill(file);
		this.filled.delete(file);
		const isOurs = !isKnownElsewhere && Math.abs(Date.now() - slot.writtenAt) < REUSED_WITHIN_MS;
		// A file whose disk is slow is not emptied while this process waits.
		const isKept = isOurs && slot.isFlushed && !this.closed && this.idle.length < IDLE_FILES;
		if (isKept && empty(slot)) this.idle.push(slot);
		else if (slot.isFlushed) await discard(slot);
		else void discard(slot);
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

	private notTaken(slot: SpillSlot): undefined {
		this.leaveAlone();
		this.failed = dirname(slot.file);
		void discard(slot);
	}

	private leaveAlone(): void {
		this.slowUntil = performance.now() + SLOW_DISK_PAUSE_MS;
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
		isFlushed: true,
		writtenAt: -Infinity,
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
