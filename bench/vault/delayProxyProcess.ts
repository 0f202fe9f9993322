/**
 * A TCP proxy that stands for the way to a server that is far away: it hands on every chunk half a
 * round trip after it came, in order, and as many as there are. It runs in a process of its own, so
 * that neither its work nor its waiting counts as that of the process that is measured.
 */
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

import { answerCalls } from '../../test/support/processes/answerCalls';

/** A timer of Node ends up to this much late, in milliseconds; the rest of a wait is asked for turn by turn. */
const TIMER_LATENESS_MS = 1.2;

let delayMs = 0;
let turns = 0;
let connections = 0;
let mostConnections = 0;

answerCalls({
	/** Listens in front of a server. @returns the port it listens on */
	async open({ host, port }: { host: string; port: number }): Promise<number> {
		const server = createServer({ noDelay: true }, (client) => join(client, host, port));
		server.listen(0, '127.0.0.1');
		await once(server, 'listening');
		return (server.address() as AddressInfo).port;
	},
	/** From now on a round trip takes this much longer, in milliseconds. */
	setRoundTrip(ms: number): void {
		delayMs = ms / 2;
	},
	/**
	 * How often a client has begun to send after the server had spoken, or at all, since the last call:
	 * a client that waits for each answer makes one such turn per round trip.
	 */
	takeTurns(): number {
		const taken = turns;
		turns = 0;
		return taken;
	},
	/** Most connections of clients that were open at one time since the last call. */
	takeMostConnections(): number {
		const most = mostConnections;
		mostConnections = connections;
		return most;
	},
});

function join(client: Socket, host: string, port: number): void {
	const server = connect({ host, port, noDelay: true });
	let clientSpeaks = false;
	const toServer = delayed((chunk) => server.write(chunk));
	const toClient = delayed((chunk) => {
		// Counted where it reaches the client: what the client sends from now on may be its answer.
		clientSpeaks = false;
		client.write(chunk);
	});
	client.on('data', (chunk) => {
		if (!clientSpeaks) turns += 1;
		clientSpeaks = true;
		toServer(chunk);
	});
	server.on('data', toClient);
	connections += 1;
	mostConnections = Math.max(mostConnections, connections);
	client.once('close', () => (connections -= 1));
	const end = (): void => {
		client.destroy();
		server.destroy();
	};
	for (const socket of [client, server]) socket.on('error', end).on('close', end);
}

/** Hands chunks on after the delay that holds when they come, in their order. */
function delayed(handOn: (chunk: Buffer) => void): (chunk: Buffer) => void {
	const waiting: Array<{ chunk: Buffer; at: number }> = [];
	const handOnDue = (): void => {
		const now = performance.now();
		while (waiting[0] !== undefined && waiting[0].at <= now) handOn(waiting.shift()!.chunk);
		const [next] = waiting;
		if (next === undefined) return;
		const timerMs = Math.floor(next.at - now - TIMER_LATENESS_MS);
		if (timerMs >= 1) setTimeout(handOnDue, timerMs);
		else setImmediate(handOnDue);
	};
	return (chunk) => {
		if (delayMs === 0 && waiting.length === 0) {
			handOn(chunk);
			return;
		}
		waiting.push({ chunk, at: performance.now() + delayMs });
		if (waiting.length === 1) handOnDue();
	};
}
