import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import { HttpsProxyAgent, type HttpsProxyAgentOptions } from 'https-proxy-agent';
import type { ConnectionOptions } from './connectionOptions';

type ConnectTarget = Parameters<HttpsProxyAgent<string>['connect']>[1];

/** Reaches https targets through a proxy by CONNECT; gives up with the request's `connectSignal`. */
export class TunnelProxyAgent extends HttpsProxyAgent<string> {
	/** The pool's own options; the base class drops them from `options`. */
	private readonly keepsAlive: boolean;

	constructor(proxy: URL, keepAlive: boolean) {
		super(proxy, { keepAlive });
		this.keepsAlive = keepAlive;
	}

	override async connect(request: ClientRequest, target: ConnectTarget): Promise<Socket> {
		const signal = (target as ConnectionOptions).connectSignal;
		// The base class takes socket options per agent, and the signal belongs to one connection.
		const options: HttpsProxyAgentOptions<string> & { signal?: AbortSignal } = {
			keepAlive: this.keepsAlive,
			signal,
		};
		return await new HttpsProxyAgent<string>(this.proxy, options).connect(request, target);
	}
}
