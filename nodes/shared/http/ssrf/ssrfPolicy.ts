import { readFileSync } from 'node:fs';
import { BlockList, isIP } from 'node:net';

import type { Environment } from '../../process/environment';
import { withoutQuotes } from '../../process/environment';

/** What an administrator's SSRF settings of n8n say about a target. */
export interface SsrfPolicy {
	/** Equal for equal settings. */
	readonly key: string;

	/** `allowed` and `blocked` by name; `byAddress` where the address that the name has decides. */
	judgeName(hostname: string): 'allowed' | 'blocked' | 'byAddress';

	/** Whether connections to this IP address are refused. */
	blocksAddress(address: string): boolean;
}

/** What n8n 2.40 refuses where the administrator names nothing else (docs/facts/n8n.md, "SSRF protection"). */
const DEFAULT_BLOCKED_RANGES = [
	'10.0.0.0/8',
	'172.16.0.0/12',
	'192.168.0.0/16',
	'127.0.0.0/8',
	'::1/128',
	'169.254.0.0/16',
	'fe80::/10',
	'fc00::/7',
	'fd00::/8',
	'0.0.0.0/8',
	'192.0.0.0/24',
	'192.0.2.0/24',
	'198.18.0.0/15',
	'198.51.100.0/24',
	'203.0.113.0/24',
];

const ENABLED = 'N8N_SSRF_PROTECTION_ENABLED';
const ENABLED_FILE = `${ENABLED}_FILE`;

const VARIABLES = [
	ENABLED,
	'N8N_SSRF_BLOCKED_IP_RANGES',
	'N8N_SSRF_ALLOWED_IP_RANGES',
	'N8N_SSRF_ALLOWED_HOSTNAMES',
	'N8N_SSRF_BLOCKED_HOSTNAMES',
] as const;

let known: { key: string; policy: SsrfPolicy | undefined } | undefined;

/**
 * n8n's SSRF protection as the environment sets it, read as n8n 2.40 reads it (docs/facts/n8n.md,
 * "SSRF protection"): an entry that is no range is left out, an allowed range or name goes before a
 * blocked one.
 * @returns undefined where it is off
 */
export function ssrfPolicy(env: Environment): SsrfPolicy | undefined {
	// Asked with each request, and each look at a variable of the process takes its time.
	if (env[ENABLED] === undefined && env[ENABLED_FILE] === undefined) return undefined;
	const key = JSON.stringify(VARIABLES.map((name) => [env[name], env[`${name}_FILE`]]));
	if (known?.key !== key) known = { key, policy: readPolicy(env, key) };
	return known.policy;
}

function readPolicy(env: Environment, key: string): SsrfPolicy | undefined {
	const [enabled, blockedRanges, allowedRanges, allowedNames, blockedNames] = VARIABLES.map(
		(name) => readSetting(env, name),
	);
	if (!['true', '1'].includes(enabled?.toLowerCase() ?? '')) return undefined;
	const blocked = rangeList(
		blockedRanges === undefined
			? DEFAULT_BLOCKED_RANGES
			: entries(withoutQuotes(blockedRanges)).flatMap((entry) =>
					entry.toLowerCase() === 'default' ? DEFAULT_BLOCKED_RANGES : [entry],
				),
	);
	const allowed = rangeList(entries(allowedRanges));
	const isAllowedName = nameMatcher(entries(allowedNames));
	const isBlockedName = nameMatcher(entries(blockedNames));
	return {
		key,
		judgeName: (hostname) => {
			if (isAllowedName(hostname)) return 'allowed';
			return isBlockedName(hostname) ? 'blocked' : 'byAddress';
		},
		blocksAddress: (address) => {
			const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
			return !allowed.check(address, family) && blocked.check(address, family);
		},
	};
}

/** The variable itself, or the file that its `_FILE` form names. */
function readSetting(env: Environment, name: string): string | undefined {
	if (env[name] !== undefined) return env[name];
	const file = env[`${name}_FILE`];
	return file ? readFileSync(file, 'utf8').trim() : undefined;
}

function entries(list: string | undefined): string[] {
	return (list ?? '')
		.split(',')
		.map((entry) => entry.trim())
		.filter((entry) => entry !== '');
}

const RANGE = /^([0-9A-Fa-f:.]+)\/(0|[1-9]\d{0,2})$/;

function rangeList(ranges: string[]): BlockList {
	const list = new BlockList();
	for (const range of ranges) {
		const [, network = '', prefix = ''] = RANGE.exec(range) ?? [];
		const family = isIP(network);
		if (family === 0 || Number(prefix) > (family === 4 ? 32 : 128)) continue;
		list.addSubnet(network, Number(prefix), family === 4 ? 'ipv4' : 'ipv6');
	}
	return list;
}

/** `*.example.com` means every name below, not the name itself. */
function nameMatcher(patterns: string[]): (hostname: string) => boolean {
	const names = patterns.map(plainName);
	return (hostname) => {
		const host = plainName(hostname);
		return names.some((name) =>
			name.startsWith('*.')
				? host.endsWith(name.slice(1)) && host.length > name.length - 1
				: host === name,
		);
	};
}

function plainName(hostname: string): string {
	return hostname.trim().toLowerCase().replace(/\.$/, '');
}
