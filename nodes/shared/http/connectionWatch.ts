import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';

import type { MayLeave } from './sendGate';

/** What is known of a request's connection; changes while the request runs. */
export interface ConnectionState {
	/** True from the moment on from which bytes of the request may have left this machine. */
	mayBeSent: boolean;
	/** Held back at the last moment; see `sendGate.ts`. */
	heldBack?: boolean;
	/** Status of the service's answer, once it has begun. */
	answered?: number;
	/** Status with which a proxy refused to connect to the target. */
	proxyRefusal?: number;
}

/**
 * Watches a request's socket. Node holds the request back until the socket is connected (and, for
 * https, the certificate accepted), so before those events nothing of it has left. A connection from
 * the pool counts as used at once.
 *
 * @param onReady called once, when the request may go out.
 * @param mayLeave asked then; false ends the request unsent.
 */
export function watchConnection(
	request: ClientRequest,
	state: ConnectionState,
	onReady: () => void,
	mayLeave: MayLeave,
): void {
	const ready = () => {
		if (!mayLeave()) {
			state.heldBack = true;
			// What waits in the socket to be written is dropped with it.
			request.destroy(new Error('held back'));
			return;
		}
		state.mayBeSent = true;
		onReady();
	};
	request.once('proxyConnect', (answer: IncomingMessage) => {
		// The proxy agent then plays the proxy's own answer as though the service had given it.
		if (answer.statusCode !== 200) state.proxyRefusal = answer.statusCode;
	});
	request.once('socket', (socket: Socket | TLSSocket) => {
		if (state.proxyRefusal !== undefined) return;
		if (request.reusedSocket) ready();
		else if (isSecuring(socket)) socket.once('secureConnect', ready);
		else if (!('encrypted' in socket) && socket.connecting) socket.once('connect', ready);
		else ready();
	});
}

/** Whether a socket is a TLS socket whose handshake is still open; when unsure, false (counts as sent). */
function isSecuring(socket: Socket): boolean {
	return (socket as { secureConnecting?: unknown }).secureConnecting === true;
}
