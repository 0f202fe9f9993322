import type { PasswordAccount } from '../../account/sessionAccount';
import type { LogOnAnswer } from '../../wire/logOnAnswers';
import { organizationNames } from '../../wire/organizationNames';
import { isAboutOrganization } from '../../wire/refusalCause';

/**
 * Whether a refused log-on by cookies is about the organization, by the service's words or by the names that it
 * tells to everybody (docs/facts/docuware.md 2.2). Sends no log-on.
 * @returns the names that the server tells, perhaps none; undefined where it may be about something else
 */
export async function namesWhereOrganizationIsWrong(
	account: PasswordAccount,
	{ cause, detail }: Extract<LogOnAnswer, { kind: 'refused' }>,
): Promise<string[] | undefined> {
	const isSaid = cause !== 'noReason' && isAboutOrganization(detail);
	if (!isSaid && cause !== 'noReason') return undefined;
	const names = await organizationNames(account);
	return isSaid || isNotAmong(account.organization, names) ? names : undefined;
}

/** None of several is named, or one that is not there. */
function isNotAmong(organization: string, names: readonly string[]): boolean {
	if (organization === '') return names.length > 1;
	const isThere = names.some((name) => name.toLowerCase() === organization.toLowerCase());
	return names.length > 0 && !isThere;
}
