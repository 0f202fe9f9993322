import type { LoginTokenAccount } from '../account/sessionAccount';
import type { SessionRules } from './sessionSource';

/** The user of a login token that somebody hands over, at the server of a credential. */
export function givenTokenAccount(
	rules: Pick<
		SessionRules,
		'address' | 'ignoreSslIssues' | 'allowHttp' | 'identityServiceUrl' | 'wayIn' | 'licenceWaitMs'
	>,
	token: string,
	usage: 'Single' | 'Multi',
): LoginTokenAccount {
	const { address, ignoreSslIssues, allowHttp, identityServiceUrl, wayIn, licenceWaitMs } = rules;
	return {
		kind: 'loginToken',
		given: true,
		token,
		usage,
		address,
		ignoreSslIssues,
		allowHttp,
		...(identityServiceUrl !== undefined && { identityServiceUrl }),
		label: `the owner of a login token at ${address.origin}`,
		wayIn,
		policy: 'keep',
		idleMs: 0,
		licenceWaitMs,
	};
}
