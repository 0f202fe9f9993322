import type { HttpResponse } from '../../../shared/http';
import { looksLikeMarkup } from '../../../shared/http';
import { foreignLogIn } from '../../platform/platformAnswers';

/**
 * Why a log-on was refused (docs/facts/docuware.md 2.2). `logInData`: the words say that user, password or
 * token are wrong. `noReason`: DocuWare's plain 401, a page or nothing, for a wrong password as for other
 * things. `other`: anything else, such as a lock, an expired password, two-step verification, a proxy, or
 * words that nobody knows.
 */
export type RefusalCause = 'logInData' | 'noReason' | 'other';

const LOG_IN_DATA =
	/user ?name|password|credentials|log-?in (?:data|name)|token|benutzer|passwor[dt]|kennwort|anmelde(?:daten|name)/i;

const WRONG =
	/wrong|invalid|incorrect|not (?:valid|correct|known|found)|unknown(?! error)|falsch|ungültig|unbekannt(?!er fehler)|nicht korrekt/i;

/** A log-in alone is no log-in data: it fails for many reasons. */
const WRONG_LOG_IN =
	/(?:wrong|invalid|incorrect) log-?in\b|log-?in (?:is |was )?(?:wrong|invalid|incorrect)|(?:falsche|ungültige) anmeldung|anmeldung (?:ist |war )?(?:falsch|ungültig)/i;

/** What words about a right password say. */
const ANOTHER_REASON =
	/lock|gesperrt|two.?(?:step|factor)|multi.?factor|zwei.?(?:faktor|stufig|schritt)|verification|disabled|deaktiviert|(?:not |in)active|inaktiv|single sign|too many|zu viele/i;

const EXPIRED = /expired|abgelaufen|must (?:be )?change/i;

/** The cause as far as the service's words tell it. */
export function causeInWords(words: string): RefusalCause {
	if (words === '') return 'noReason';
	if (ANOTHER_REASON.test(words)) return 'other';
	// A password that has expired can be renewed; a login token cannot.
	if (EXPIRED.test(words)) return /token/i.test(words) ? 'logInData' : 'other';
	const isWrong = (LOG_IN_DATA.test(words) && WRONG.test(words)) || WRONG_LOG_IN.test(words);
	return isWrong ? 'logInData' : 'other';
}

/** The cause of a 401. */
export function causeOf401(
	{ headers, body }: Pick<HttpResponse, 'headers' | 'body'>,
	words: string,
): RefusalCause {
	if (foreignLogIn({ status: 401, headers, body }, []) !== undefined) return 'other';
	const cause = causeInWords(words);
	if (!looksLikeMarkup(body)) return cause;
	return ANOTHER_REASON.test(words) || EXPIRED.test(words) ? 'other' : 'noReason';
}

const ORGANIZATION = /organi[sz]ation|mandant/i;

const MISSING =
	/missing|required|needed|empty|specif|select|choose|several|multiple|more than one|ambiguous|fehl|erforderlich|angeben|auswählen|mehrere|nicht eindeutig/i;

/** Whether the words of a refusal say that the organization is missing or wrong, and nothing of the password. */
export function isAboutOrganization(words: string): boolean {
	if (!ORGANIZATION.test(words) || ANOTHER_REASON.test(words)) return false;
	if (/password|passwor[dt]|kennwort|credentials/i.test(words)) return false;
	return WRONG.test(words) || MISSING.test(words);
}
