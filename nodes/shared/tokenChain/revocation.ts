import { passOn } from '../errors';
import { forgottenAt } from '../vault/rows/forgotten';
import type { VaultRecord } from '../vault/rows/records';
import { readRecord } from '../vault/rows/records';
import type { ChainContext, TokenClient, TokenPair } from './types';

/**
 * Has the service take the refresh tokens of these records and pairs back.
 * @param anyway goes on where it does not confirm that.
 * @returns whether it has taken all of them back.
 * @throws ConnectorError of the policy's `revokeTokens`, VAULT_KEY_MISMATCH
 */
export async function revokeAll(
	chain: ChainContext,
	client: TokenClient,
	places: ReadonlyArray<Pick<VaultRecord, 'id' | 'generation' | 'sealed'>>,
	anyway: boolean,
): Promise<boolean> {
	const { vault, policy } = chain;
	if (policy.revokeTokens === undefined) return false;
	let revoked = true;
	for (const place of places.filter(({ sealed }) => sealed !== '')) {
		try {
			const pair = vault.openSecret(place) as TokenPair;
			if (!(await policy.revokeTokens(client, pair))) revoked = false;
		} catch (error) {
			if (!anyway) passOn(error);
			revoked = false;
		}
	}
	return revoked;
}

/**
 * A pair that came too late for its record: where that was forgotten meanwhile, the service takes the
 * pair back, if it can. Never throws.
 */
export async function revokeIfForgotten(
	{ vault, policy }: ChainContext,
	recordId: string,
	client: TokenClient,
	pair: TokenPair,
): Promise<void> {
	if (policy.revokeTokens === undefined) return;
	try {
		const record = await vault.read(() => readRecord(recordId));
		if (record === undefined || forgottenAt(record) === undefined) return;
		await policy.revokeTokens(client, pair);
	} catch {
		// Nobody has it any more; it ends by itself.
	}
}
