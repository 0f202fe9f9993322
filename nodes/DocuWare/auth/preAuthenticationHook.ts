import { randomUUID } from 'node:crypto';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { readTargetUrl } from '../../shared/http';
import { asHook } from '../../shared/node/hookErrors';
import type { HookToken } from '../../shared/tokenChain/tokenData';
import { hookToken } from '../../shared/tokenChain/tokenData';
import { openVault } from '../../shared/vault/place/openVault';
import { readOAuth2Credential } from './account/credentialData';
import { docuWareTokenChain } from './tokenChain/chainPolicy';
import { confirmPlatformAddress, learnPlatformAddress } from './tokenChain/platformAddress';
import { refreshDeadToken } from './tokenChain/earlyRefresh';
import { livingBearer } from './tokenChain/livingBearer';
import { SessionKeeper } from './lifecycle/sessionKeeper';
import type { LiveSession } from './record/openSession';
import { openUse } from './record/sessionUses';

/**
 * What n8n calls before every request that any node makes with the OAuth2 credential (n8n 2.20 and
 * later, docs/facts/n8n.md, "The OAuth2 hook"). Hands out the vault's access token without a refresh token,
 * so that nothing but the vault can spend one.
 *
 * @returns what n8n lays over the decrypted credential; n8n does not save it.
 * @throws UserError whose description is the repair.
 */
export async function preAuthenticateOAuth2(
	credential: ICredentialDataDecryptedObject,
): Promise<HookToken> {
	return await asHook(async () => hookToken(await accessToken(credential)));
}

async function accessToken(credential: ICredentialDataDecryptedObject): Promise<string> {
	const reading = readOAuth2Credential(credential, {
		credentialId: null,
		credentialName: null,
		instanceId: null,
	});
	const { address, allowHttp } =
		reading.kind === 'authorization' ? reading.connection : reading.account;
	// n8n sends the token without asking whether the way is encrypted.
	readTargetUrl(address.origin, allowHttp);
	if (reading.kind === 'authorization') {
		const { authorization, connection } = reading;
		const chain = await docuWareTokenChain();
		await confirmPlatformAddress(chain.vault, authorization, address);
		const token = await chain.getToken(authorization, 'normal');
		const living = livingBearer(chain.vault, connection, token.accessToken, async (isDead) => {
			const other = await refreshDeadToken(chain, { ...token, authorization }, isDead);
			return other?.accessToken;
		});
		// Side by side: each may take half a second of a caller whose token is good.
		const learnt = learnPlatformAddress(chain.vault, authorization, connection, token.accessToken);
		return (await Promise.all([living, learnt]))[0];
	}
	const vault = await openVault();
	const keeper = await SessionKeeper.create(vault, reading.account);
	const use = openUse(vault, keeper.recordId, `http:${randomUUID()}`);
	try {
		const session = await keeper.obtain(use);
		return await livingBearer(vault, reading.account, bearerOf(session), async (isDead) => {
			if (!(await isDead())) return undefined;
			return bearerOf(await keeper.obtain(use, { deadGeneration: session.generation }));
		});
	} finally {
		await keeper.release(use).catch(() => undefined);
	}
}

function bearerOf({ credential }: LiveSession): string {
	return credential.kind === 'bearer' ? credential.accessToken : '';
}
