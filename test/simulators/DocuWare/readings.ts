import type { Readings } from '../shared/readings';
import { ACTION_READINGS } from './actionSwitches';
import { DATA_READINGS } from './dataSwitches';
import { FILE_READINGS } from './fileSwitches';
import type { DocuWareSwitches, LoginTokenPath } from './switches';
import { WEBHOOK_READINGS } from './webhooks/webhookSwitches';

function onlyPath(served: LoginTokenPath): Record<LoginTokenPath, boolean> {
	const none = { organization: false, organizations: false, organizationById: false, link: false };
	return { ...none, [served]: true };
}

/** What sources leave open about DocuWare, by switch (docs/readings.md). */
export const READINGS = {
	emptyCookieTwin: { others: ['after', 'alternate', 'otherPath', 'none'], harder: 'after' },
	cookieDomain: { others: ['always', 'never'], harder: 'always' },
	rememberedCookieDays: { others: [1], harder: 1 },
	requiredCookies: { others: ['withBrowserId', 'all'], harder: 'all' },
	cookiesFrom711: { others: ['gone', 'accepted'], harder: 'gone' },
	accountLinksFrom711: { others: [false] },
	userAgentBinding: { others: [true], harder: true },
	redirectWhenNotJson: { others: [true], harder: true },
	everyLogonBooks: { others: [false] },
	heldLicenceReturnsTo: { others: ['sameUserAndHost', 'sameUser'] },
	tokenLogOnShares: { others: [true] },
	logonWithCookieShares: { others: [true] },
	deadLogOff: { others: ['unauthorized'], harder: 'unauthorized' },
	licenceCheck: { others: ['beforePassword'], harder: 'beforePassword' },
	licenceRefusalBody: { others: ['json', 'html'], harder: 'html' },
	userInfo: { others: ['absent'], harder: 'absent' },
	bearerBooksLicence: { others: [true], harder: true },
	loginTokenPaths: {
		others: [
			onlyPath('organization'),
			onlyPath('organizationById'),
			onlyPath('organizations'),
			onlyPath('link'),
		],
		harder: onlyPath('link'),
	},
	loginTokenAnswer: {
		others: ['plain', 'quoted', 'padded', 'braced', 'object'],
		harder: 'quoted',
	},
	loginTokenCap: { others: ['silent', 'refuse'], harder: 'silent' },
	tokenSpentOnLicenceRefusal: { others: [true], harder: true },
	retryAfterHeader: { others: [false], harder: false },
	refreshTokens: { others: ['keeps', 'keepsEmpty'] },
	refreshGraceSeconds: { others: [30] },
	clientAuthentication: { others: ['body', 'basic'], harder: 'body' },
	builtInClient: { others: [false] },
	missingOrganization: { others: ['said'] },
	...FILE_READINGS,
	...ACTION_READINGS,
	...DATA_READINGS,
	...WEBHOOK_READINGS,
	organizationsInPublic: { others: [true], harder: true },
} as const satisfies Readings<DocuWareSwitches>;

/** A switch that plays a reading. */
export type ReadingName = keyof typeof READINGS;
