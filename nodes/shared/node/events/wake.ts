import { send } from '../../http';
import type { Environment } from '../../process/environment';
import { processState } from '../../process/processState';
import { receivesWebhooks } from '../../process/receivesWebhooks';
import { rememberLatest } from '../../process/rememberLatest';
import { openVault } from '../../vault/place/openVault';
import { isVaultThere } from '../../vault/place/vaultThere';
import { deleteItem, itemLock, itemsBelow, putItem, readItem } from '../../vault/rows/items';
import { itemScope } from '../../vault/rows/itemScopes';
import { Sealer } from '../../vault/sealing';
import type { Vault } from '../../vault/vault';
import { parseReceiver, ReceivedEvents, type Receiver, type Sleeper } from './receivedEvents';

/** Nodes that asked to be woken, with the address to which the request goes. */
const SCOPE = itemScope('askedToBeWoken1', 30 * 24 * 3_600_000);

/** Header of a request by which a receiver is asked to start what waits; anybody else's is worth nothing. */
export const WAKE_HEADER = 'x-exactonline-docuware-wake';

/** How long a request to wake is good for, in milliseconds; the clocks of two hosts may differ. */
const GOOD_FOR_MS = 120_000;

const TIMEOUT_MS = 15_000;

/**
 * Pauses between the looks of a process that has started for what waits, in milliseconds; n8n may take requests late. One look
 * comes at 160 s, when what the end of the process before has cut off is surely over, such as a test run that n8n ends after two minutes.
 */
const LOOKS_AFTER_START_MS = [0, 5_000, 10_000, 15_000, 90_000, 40_000, 440_000];

/** Pause between two looks in a process that runs, in milliseconds. */
const LOOK_PAUSE_MS = 60_000;

/** When a receiver whose execution could not be made is asked again, in milliseconds. */
const AGAIN_AFTER_MS = [30_000, 120_000, 600_000];

/** Pauses of a receiver that does not take the request, in milliseconds; the first is shorter than those after a start. */
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 3_600_000;

const MOST_UNTAKEN = 1_000;

/** When a receiver has last not taken the request (monotonic clock), and how long it is left alone. */
interface Untaken {
	at: number;
	pauseMs: number;
}

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
export async function wake(vault: Vault, { receiver, url }: Sleeper): Promise<boolean> {
	for (const address of [url, ...ownAddresses(url)]) {
		const headers = { [WAKE_HEADER]: wakeToken(vault.sealer, receiver) };
		const request = { method: 'POST', url: address, headers, body: '', allowHttp: true };
		const answer = await send({ ...request, timeoutMs: TIMEOUT_MS }).catch(() => undefined);
		if (answer?.status === 204) return true;
	}
	return false;
}

/**
 * The address on this machine, where a proxy in front of n8n is not to be reached from here. n8n itself serves no path before
 * that of its webhooks, so one that the public address has (`WEBHOOK_URL`, `N8N_PATH`) is the proxy's.
 */
export function ownAddresses(url: string, env: Environment = process.env): string[] {
	const { pathname } = new URL(url);
	const at = pathname.indexOf(`/${env.N8N_ENDPOINT_WEBHOOK ?? 'webhook'}/`);
	const paths = new Set([pathname, ...(at > 0 ? [pathname.slice(at)] : [])]);
	return [...paths].map((path) => `http://127.0.0.1:${env.N8N_PORT ?? '5678'}${path}`);
}

/** The next request of this process to each receiver, by its name; one at a time. */
function planned(): Map<string, { at: number; timer: NodeJS.Timeout }> {
	return processState('plannedWakes1', () => new Map());
}

/**
 * Wakes a receiver after a while, and again, until nothing waits there. One that takes the request is asked on and on, at the
 * last pause: what it is woken for may fail. One that does not is given up after the last pause.
 */
export function wakeLater(vault: Vault, sleeper: Sleeper, pauses = AGAIN_AFTER_MS): void {
	const [pause, ...more] = pauses;
	if (pause === undefined) return;
	const name = JSON.stringify(sleeper.receiver);
	const at = performance.now() + pause;
	const other = planned().get(name);
	if (other !== undefined && other.at <= at) return;
	clearTimeout(other?.timer);
	const again = async () => {
		planned().delete(name);
		if (!(await needsWaking(vault, sleeper.receiver).catch(() => true))) return;
		const isTaken = await wake(vault, sleeper);
		wakeLater(vault, sleeper, isTaken && more.length === 0 ? [pause] : more);
	};
	planned().set(name, { at, timer: setTimeout(() => void again(), pause).unref() });
}

/** Wakes a receiver at once, for which more waits than it takes at a time. */
export function wakeNow(vault: Vault, sleeper: Sleeper): void {
	wakeLater(vault, sleeper, [0, ...AGAIN_AFTER_MS]);
}

async function needsWaking(vault: Vault, receiver: Receiver): Promise<boolean> {
	const asked = await vault.read(() => readItem(SCOPE, JSON.stringify(receiver)));
	return asked !== undefined || (await new ReceivedEvents(vault).waiting(receiver, 1)).length > 0;
}

/**
 * Has a node woken, after a while and after each start of n8n, until it says that it need not be; for what is to be
 * done with its credential after a process has ended.
 */
export async function askToBeWoken(vault: Vault, sleeper: Sleeper, afterMs: number): Promise<void> {
	const name = JSON.stringify(sleeper.receiver);
	await vault.write(() => putItem(SCOPE, name, sleeper.url), { lock: itemLock(SCOPE, name) });
	wakeLater(vault, sleeper, [afterMs, ...AGAIN_AFTER_MS]);
}

/** Takes that back. */
export async function noMoreWaking(vault: Vault, receiver: Receiver): Promise<void> {
	const name = JSON.stringify(receiver);
	await vault.write(() => deleteItem(SCOPE, name), { lock: itemLock(SCOPE, name) });
}

/**
 * Looks, after a process of n8n that receives has started (the build asks for that), for what an earlier process has left behind, and
 * has it gone on with. Of a workflow that is published and receives only, n8n calls nothing when it starts.
 */
export function startWaitingEvents(): void {
	processState('eventsAfterStart1', () => {
		lookAfter(LOOKS_AFTER_START_MS);
		return true;
	});
}

/** Goes on at the last pause as long as a receiver was woken: what it is woken for may fail. */
function lookAfter([pause = LOOK_PAUSE_MS, ...more]: readonly number[]): void {
	const look = async () => {
		const woken = await wakeIfVaultThere().catch(() => 0);
		if (more.length > 0) lookAfter(more);
		else if (woken > 0) lookAfter([pause]);
	};
	setTimeout(() => void look(), pause).unref();
}

/** The same at most once a minute, where something else of this package is called by n8n meanwhile, such as a poll. */
export function lookForWaitingEvents(): void {
	if (!receivesWebhooks()) return;
	const looks = processState('eventLooks1', () => ({ lastAt: -Infinity }));
	const now = performance.now();
	if (now - looks.lastAt < LOOK_PAUSE_MS) return;
	looks.lastAt = now;
	// What n8n calls uses the vault anyway.
	void openVault()
		.then(wakeAll)
		.catch(() => undefined);
}

/** Where nobody uses the package, a start of n8n makes no vault. */
async function wakeIfVaultThere(): Promise<number> {
	return (await isVaultThere()) ? await wakeAll(await openVault()) : 0;
}

/** Wakes every receiver for which something waits. @returns how many were woken */
export async function wakeAll(vault: Vault): Promise<number> {
	const asked = await vault.read(() => itemsBelow(SCOPE, ''));
	const sleepers = new Map<string, Sleeper>();
	for (const [name, url] of asked) {
		const receiver = parseReceiver(name);
		if (receiver !== undefined) sleepers.set(name, { receiver, url });
	}
	for (const sleeper of await new ReceivedEvents(vault).sleepers()) {
		sleepers.set(JSON.stringify(sleeper.receiver), sleeper);
	}
	let woken = 0;
	for (const [name, sleeper] of sleepers) {
		if ((await inSteps(name, async () => await wake(vault, sleeper))) === true) woken += 1;
	}
	return woken;
}

/**
 * Asks a receiver that has not taken the request before at ever longer pauses: of a workflow that is published no more, n8n
 * logs an error for each.
 * @returns undefined where it is too soon
 */
async function inSteps(name: string, ask: () => Promise<boolean>): Promise<boolean | undefined> {
	const untaken = processState('untakenWakes1', () => new Map<string, Untaken>());
	const before = untaken.get(name);
	if (before !== undefined && performance.now() < before.at + before.pauseMs) return undefined;
	const isTaken = await ask();
	if (isTaken) untaken.delete(name);
	else {
		const pauseMs = Math.min(2 * (before?.pauseMs ?? FIRST_PAUSE_MS / 2), LONGEST_PAUSE_MS);
		rememberLatest(untaken, name, { at: performance.now(), pauseMs }, MOST_UNTAKEN);
	}
	return isTaken;
}
