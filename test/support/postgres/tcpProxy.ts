import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

/** What the proxy does with connections. */
export interface TcpProxy {
	readonly port: number;
	/** How many connections it has passed on so far. */
	readonly accepted: number;
	/**
	 * How often a client has begun to send after the server had spoken, or at all: a client that waits for
	 * each answer makes one such turn per round trip.
	 */
	readonly turns: number;
	/** Cuts every connection there is. */
	cut(): void;
	/** Passes what the client sends on, once that holds `text`, and cuts before the answer arrives. */
	cutAnswerTo(text: string): Promise<void>;
	/** Cuts as soon as the client sends `text`, which does not arrive. */
	cutBefore(text: string): Promise<void>;
	/** Takes connections and never says a word. */
	silence(silent: boolean): void;
	/** Leads new connections to another port of that host; those there are stay. */
	leadTo(port: number): void;
	close(): Promise<void>;
}

interface Trap {
	text: string;
	forward: boolean;
	sprung: () => void;
}

/** A proxy in front of a TCP service that breaks connections at chosen points. */
export async function startTcpProxy(host: string, port: number): Promise<TcpProxy> {
	let target = port;
	const pairs = new Set<[Socket, Socket]>();
	let trap: Trap | undefined;
	let silent = false;
	let accepted = 0;
	let turns = 0;
	const server = createServer((client) => {
		accepted += 1;
		const upstream = connect(target, host);
		const pair: [Socket, Socket] = [client, upstream];
		pairs.add(pair);
		let trapped = false;
		let clientSpeaks = false;
		const end = () => {
			client.destroy();
			upstream.destroy();
			pairs.delete(pair);
		};
		for (const socket of pair) socket.on('error', end).on('close', end);
		client.on('data', (chunk) => {
			if (silent) return;
			if (!clientSpeaks) turns += 1;
			clientSpeaks = true;
			if (trap !== undefined && chunk.includes(trap.text)) {
				const { forward, sprung } = trap;
				trap = undefined;
				trapped = true;
				if (forward) upstream.write(chunk);
				else end();
				sprung();
				return;
			}
			upstream.write(chunk);
		});
		upstream.on('data', (chunk) => {
			clientSpeaks = false;
			// The answer proves that the server has acted; it never reaches the client.
			if (trapped) end();
			else if (!silent) client.write(chunk);
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const setTrap = async (text: string, forward: boolean) => {
		await new Promise<void>((sprung) => {
			trap = { text, forward, sprung };
		});
	};
	const cut = () => {
		for (const [client, upstream] of pairs) {
			client.destroy();
			upstream.destroy();
		}
	};
	return {
		port: (server.address() as AddressInfo).port,
		get accepted() {
			return accepted;
		},
		get turns() {
			return turns;
		},
		cut,
		cutAnswerTo: async (text) => await setTrap(text, true),
		cutBefore: async (text) => await setTrap(text, false),
		silence(value) {
			silent = value;
		},
		leadTo(other) {
			target = other;
		},
		async close() {
			cut();
			server.close();
			await once(server, 'close');
		},
	};
}
