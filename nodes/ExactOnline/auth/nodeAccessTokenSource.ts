import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type {
	IExecuteFunctions,
	IHookFunctions,
	ILoadOptionsFunctions,
	IPollFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';

import { isConnectorError, passOn } from '../../shared/errors';
import type { RequestLength } from '../../shared/http';
import type { TokenChain } from '../../shared/tokenChain/tokenChain';
import type { AccessToken, Authorization } from '../../shared/tokenChain/types';
import type { Vault } from '../../shared/vault/vault';
import type { AccessTokenSource } from './accessTokenSource';
import { exactTokenChain } from './chainPolicy';
import { CREDENTIAL_TYPE, readAuthorization } from './credentialData';

/**
 * The contexts in which n8n tells id and name of the credential
 * (docs/facts/n8n.md, "Who knows the credential").
 */
export type NodeContext =
	IExecuteFunctions | ILoadOptionsFunctions | IPollFunctions | IHookFunctions | IWebhookFunctions;

/**
 * When the service calls the chain lost, the user may just have pressed Connect: n8n stores the new
 * authorization a moment after the service has killed the old one. Pauses between looks, in ms.
 */
const RECONNECT_LOOKS_MS = [0, 250, 750, 2_000];

/** How old a reading of the credential may be when it is presented, in milliseconds. */
const REREAD_MS = 20_000;

/** Errors after which a reconnect may already stand in n8n's credential. */
const RECONNECT_CODES = new Set([
	'EXACT_OLD_REFRESH_TOKEN',
	'EXACT_CHAIN_BROKEN',
	'EXACT_FORGOTTEN',
	'EXACT_REFRESH_TOKEN_REFUSED',
	'EXACT_VAULT_MISSING_OR_RESTORED',
	'EXACT_LOG_IN_OVERTAKEN',
	'EXACT_MIXED_LOG_IN',
]);

/** The access token source of a node run, backed by the vault. */
export class NodeAccessTokenSource implements AccessTokenSource {
	private readAt = performance.now();

	/** Whose the authorization is, once that is known: asked for several times with each request. */
	private user: { authorization: Authorization; id: string } | undefined;

	constructor(
		readonly chain: TokenChain,
		private current: Authorization,
		private readonly readAgain: () => Promise<Authorization>,
	) {}

	/** The authorization as the credential holds it now. */
	get authorization(): Authorization {
		return this.current;
	}

	get baseUrl(): string {
		return this.current.host;
	}

	get ignoreSslIssues(): boolean {
		return this.current.ignoreSslIssues;
	}

	get allowHttp(): boolean {
		return this.current.allowHttp === true;
	}

	get clientId(): string {
		return this.current.clientId;
	}

	get vault(): Vault {
		return this.chain.vault;
	}

	get userId(): string | undefined {
		if (this.user?.authorization === this.current) return this.user.id;
		const id = this.chain.identityOf(this.current);
		if (id !== undefined) this.user = { authorization: this.current, id };
		return id;
	}

	get loginMark(): string {
		return createHash('sha256').update(this.current.pair.refreshToken).digest('base64url');
	}

	async getAccessToken(length: RequestLength, signal?: AbortSignal): Promise<AccessToken> {
		// A long item must not go on presenting what the user has replaced by a new Connect: within a
		// minute the guard would take the two for two credentials.
		if (performance.now() - this.readAt > REREAD_MS) await this.readStored();
		return await this.afterReconnect(
			async (authorization) => await this.chain.getToken(authorization, length, signal),
			signal,
		);
	}

	async replaceRefusedToken(
		refused: AccessToken,
		length: RequestLength,
		signal?: AbortSignal,
	): Promise<AccessToken | undefined> {
		const other = await this.afterReconnect(
			async (authorization) =>
				await this.chain.replaceRefused(authorization, refused, length, signal),
			signal,
		);
		if (other) return other;
		// The refused token is young and the vault holds no other: perhaps the user has connected anew.
		const before = this.current.pair.refreshToken;
		if ((await this.readStored()).pair.refreshToken === before) return undefined;
		return await this.getAccessToken(length, signal);
	}

	/** Does something with the authorization; where it turns out dead, looks for a newer one first. */
	async afterReconnect<T>(
		work: (authorization: Authorization) => Promise<T>,
		signal?: AbortSignal,
	): Promise<T> {
		try {
			return await work(this.current);
		} catch (error) {
			if (!isConnectorError(error) || !RECONNECT_CODES.has(error.code)) passOn(error);
			if (!(await this.findReconnect(signal))) passOn(error);
			return await work(this.current);
		}
	}

	private async findReconnect(signal: AbortSignal | undefined): Promise<boolean> {
		for (const pause of RECONNECT_LOOKS_MS) {
			await delay(pause, undefined, signal ? { signal } : {});
			const before = this.current.pair.refreshToken;
			if ((await this.readStored()).pair.refreshToken !== before) return true;
		}
		return false;
	}

	/** The authorization as n8n has it stored now. */
	private async readStored(): Promise<Authorization> {
		this.current = await this.readAgain();
		this.readAt = performance.now();
		return this.current;
	}
}

/**
 * The access token source for one item of a node run.
 * @throws ConnectorError EXACT_NOT_CONNECTED, EXACT_CREDENTIAL_INVALID or a VAULT_* code.
 */
export async function createAccessTokenSource(
	context: NodeContext,
	itemIndex = 0,
): Promise<NodeAccessTokenSource> {
	const read = async () => await readFromContext(context, itemIndex);
	return new NodeAccessTokenSource(await exactTokenChain(), await read(), read);
}

async function readFromContext(context: NodeContext, itemIndex: number): Promise<Authorization> {
	const credential = await (context as IExecuteFunctions).getCredentials(
		CREDENTIAL_TYPE,
		itemIndex,
	);
	const reference = context.getNode().credentials?.[CREDENTIAL_TYPE];
	return readAuthorization(credential, {
		credentialId: reference?.id ?? null,
		credentialName: reference?.name ?? null,
		instanceId: context.getInstanceId(),
	});
}
