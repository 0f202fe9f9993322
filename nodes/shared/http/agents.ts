import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { processState } from '../process/processState';
import { rememberLatest } from '../process/rememberLatest';
import { checkedLookup } from './ssrf/ssrfCheck';
import { ssrfPolicy } from './ssrf/ssrfPolicy';

/** Idle connections end before the usual two minutes of a web server, in milliseconds. */
const IDLE_TIMEOUT_MS = 60_000;

/** Idle connections kept per origin. */
const MAX_IDLE_CONNECTIONS = 8;

/** One per setting of the environment that was ever in force; connections of a forgotten one end when idle. */
const MOST_POOLS = 50;

interface AgentPair {
	http: HttpAgent;
	https: HttpAgent;
}

interface AgentState {
	/** Key: certificate checks, proxy and SSRF settings, and whether connections are kept. */
	pairs: Map<string, AgentPair>;
}

/**
 * The agent for one request: of the process-wide pool, or one that opens a connection for each request and ends
 * it with that. Connections with and without certificate checks never share an agent, and so no TLS session.
 */
export function agentFor(
	target: URL,
	proxy: URL | undefined,
	ignoreSslIssues: boolean,
	connection: 'pooled' | 'fresh',
): HttpAgent {
	const kind = target.protocol === 'https:' ? 'https' : 'http';
	const { pairs } = processState<AgentState>('http1', () => ({ pairs: new Map() }));
	const ssrf = ssrfPolicy(process.env)?.key;
	const key = [
		ignoreSslIssues ? 'unchecked' : 'checked',
		proxy?.href ?? 'direct',
		...(ssrf === undefined ? [] : [ssrf]),
		...(connection === 'fresh' ? ['fresh'] : []),
	].join(' ');
	const pair = pairs.get(key) ?? createPair(proxy, connection === 'pooled');
	rememberLatest(pairs, key, pair, MOST_POOLS);
	return pair[kind];
}

function createPair(proxy: URL | undefined, keepAlive: boolean): AgentPair {
	if (proxy) return createProxyPair(proxy, keepAlive);
	const policy = ssrfPolicy(process.env);
	const options = {
		keepAlive,
		...(keepAlive && { timeout: IDLE_TIMEOUT_MS, maxFreeSockets: MAX_IDLE_CONNECTIONS }),
		...(policy && { lookup: checkedLookup(policy) }),
	};
	return { http: new HttpAgent(options), https: new HttpsAgent(options) };
}

/** The proxy agents load once the environment names a proxy. */
function createProxyPair(proxy: URL, keepAlive: boolean): AgentPair {
	const { PlainProxyAgent } = require('./plainProxyAgent') as typeof import('./plainProxyAgent');
	const { TunnelProxyAgent } = require('./tunnelProxyAgent') as typeof import('./tunnelProxyAgent');
	return {
		http: new PlainProxyAgent(proxy, keepAlive),
		https: new TunnelProxyAgent(proxy, keepAlive),
	};
}
