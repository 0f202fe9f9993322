import { HttpProxyAgent, type HttpProxyAgentOptions } from 'http-proxy-agent';
import type { Socket } from 'node:net';
import type { ConnectionOptions } from './connectionOptions';

type ProxyRequest = Parameters<HttpProxyAgent<string>['connect']>[0];
type ConnectTarget = Parameters<HttpProxyAgent<string>['connect']>[1];

/** Reaches http targets through a proxy; gives up with the request's `connectSignal`. */
export class PlainProxyAgent extends HttpProxyAgent<string> {
	private readonly keepsAlive: boolean;

	constructor(proxy: URL, keepAlive: boolean) {
		super(proxy, { keepAlive });
		this.keepsAlive = keepAlive;
	}

	override async connect(request: ProxyRequest, target: ConnectTarget): Promise<Socket> {
		const signal = (target as ConnectionOptions).connectSignal;
		// The base class takes socket options per agent, and the signal belongs to one connection.
		const options: HttpProxyAgentOptions<string> & { signal?: AbortSignal } = {
			keepAlive: this.keepsAlive,
			signal,
		};
		return await new HttpProxyAgent<string>(this.proxy, options).connect(request, target);
	}
}
