import { basename } from 'node:path';
import { send } from '../../http';
import { processState } from '../../process/processState';
import { openVault } from '../../vault/place/openVault';
import { Sealer } from '../../vault/sealing';
import type { Vault } from '../../vault/vault';
import { ReceivedEvents, type Receiver, type WaitingEvent } from './receivedEvents';

/** Header of a request by which a receiver is asked to start what waits; anybody else's is worth nothing. */
export const WAKE_HEADER = 'x-exactonline-docuware-wake';

/** How long a request to wake is good for, in milliseconds; the clocks of two hosts may differ. */
const GOOD_FOR_MS = 120_000;

const TIMEOUT_MS = 15_000;

/** When a process that has started looks for events that wait, in milliseconds after it. */
const LOOKS_AFTER_START_MS = [5_000, 30_000, 120_000, 600_000];

/** When a receiver whose execution could not be made is asked again, in milliseconds. */
const AGAIN_AFTER_MS = [30_000, 120_000, 600_000];

/** What a request to wake carries: the time, and a digest that only who shares the vault can make. */
export function wakeToken(sealer: Sealer, receiver: Receiver, now = Date.now()): string {
	return `${now}.${sealer.fingerprint('wake', ...receiver, String(now))}`;
}

/** Whether a request asks to start what waits, and comes from a process that shares the vault. */
export function isWake(
	sealer: Sealer,
	receiver: Receiver,
	header: unknown,
	now = Date.now(),
): boolean {
	const [, time, digest] = /^(\d{1,16})\.([0-9a-f]+)$/.exec(String(header)) ?? [];
	if (time === undefined || digest === undefined) return false;
	const right = sealer.fingerprint('wake', ...receiver, time);
	return Sealer.sameFingerprint(right, digest) && Math.abs(now - Number(time)) <= GOOD_FOR_MS;
}

/**
 * Has n8n start what waits for a node: n8n starts the execution of a webhook's node only for a request to its address, so
 * one is sent there; by the public address first, then to this machine. Never throws.
 * @returns whether a receiver has taken it
 */
export async function wake(vault: Vault, { receiver, url }: WaitingEvent): Promise<boolean> {
	for (const address of [url, ownAddress(url)]) {
		const headers = { [WAKE_HEADER]: wakeToken(vault.sealer, receiver) };
		const request = { method: 'POST', url: address, headers, body: '', allowHttp: true };
		const answer = await send({ ...request, timeoutMs: TIMEOUT_MS }).catch(() => undefined);
		if (answer?.status === 204) return true;
	}
	return false;
}

/** The address on this machine, where a proxy in front of n8n is not to be reached from here. */
function ownAddress(url: string): string {
	const { pathname } = new URL(url);
	return `http://127.0.0.1:${process.env.N8N_PORT ?? '5678'}${pathname}`;
}

/** Asks a receiver again after a while, until it has taken what waits. */
export function wakeLater(vault: Vault, waiting: WaitingEvent, pauses = AGAIN_AFTER_MS): void {
	const [pause, ...more] = pauses;
	if (pause === undefined) return;
	const again = async () => {
		const left = await new ReceivedEvents(vault).waiting(waiting.receiver).catch(() => undefined);
		if (left?.length === 0 || (await wake(vault, waiting))) return;
		wakeLater(vault, waiting, more);
	};
	setTimeout(() => void again(), pause).unref();
}

/**
 * Looks, some seconds after a process of n8n that receives has started, for events whose process ended between their
 * note and their execution, and has them started. Called where a receiving node is loaded: of a workflow that is published
 * and receives only, n8n calls nothing when it starts.
 */
export function startWaitingEvents(argv: readonly string[] = process.argv): void {
	if (!receivesWebhooks(argv)) return;
	processState('eventsAfterStart1', () => {
		for (const pause of LOOKS_AFTER_START_MS) {
			setTimeout(() => void wakeAll().catch(() => undefined), pause).unref();
		}
		return true;
	});
}

/** Wakes every receiver for which events wait. @returns how many have taken them */
export async function wakeAll(open: () => Promise<Vault> = openVault): Promise<number> {
	const vault = await open();
	const found = await new ReceivedEvents(vault).waiting();
	const byReceiver = new Map(found.map((event) => [JSON.stringify(event.receiver), event]));
	let taken = 0;
	for (const event of byReceiver.values()) if (await wake(vault, event)) taken += 1;
	return taken;
}

/** Whether this is n8n's main process, or one of its webhook processes. */
function receivesWebhooks([, program = '', command = 'start']: readonly string[]): boolean {
	const isStart = command.startsWith('-') || command === 'start' || command === 'webhook';
	return basename(program) === 'n8n' && isStart;
}
