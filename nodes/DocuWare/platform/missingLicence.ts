import type { ConnectorError } from '../../shared/errors';
import { quoted, said, underAdvanced } from '../../shared/errorText';
import { docuWareError } from './docuWareErrors';

/** A licence stays blocked for so long after a log-off, in milliseconds (docs/facts/docuware.md 2.2). */
const BLOCKED_MS = 120_000;

/** What is known of a licence that is missing. */
export interface MissingLicence {
	/** Whether the credential has its session logged off between runs. */
	logsOffWhenIdle: boolean;
	/** How long the credential lets a run wait, in milliseconds; null where no wait would help. */
	waitLimitMs: number | null;
	/** How long it was waited for, in milliseconds. */
	waitedMs: number;
	/** The service's words. */
	detail: string;
	/** A session of this user is open that was begun with other log-in data. */
	hasOthersSession?: boolean;
	/** A log-on whose answer never came, and how long it may keep its licence; wall clock in milliseconds. */
	lostLogOn?: { at: number; heldUntil: number } | undefined;
}

/**
 * No client licence is free. Fields of the credential are named only where a change of them would help: a credential
 * without such a field has the best of it.
 */
export function noLicence(identity: string, missing: MissingLicence): ConnectorError {
	const { waitedMs, detail, hasOthersSession = false, lostLogOn } = missing;
	const waited = Math.round(waitedMs / 1000);
	const iso = (time: number) => new Date(time).toISOString();
	const better = betterSettings(missing);
	return docuWareError(
		'DOCUWARE_NO_LICENCE',
		`DocuWare has no free licence${waited > 0 ? `, also after waiting ${waited} s` : ''}: ` +
			`${identity}${quoted(detail)}.` +
			(waitedMs > BLOCKED_MS ? '' : ' A licence stays blocked for two minutes after a log-off.'),
		(lostLogOn === undefined
			? ''
			: `The answer of a log-on was lost at ${iso(lostLogOn.at)}, its licence may still be held until ` +
				`${iso(lostLogOn.heldUntil)}: run again then, or end that connection in DocuWare's Connections Overview. `) +
			(hasOthersSession
				? 'A session of this user is open that was begun with other log-in data; log it off with the ' +
					'credential that opened it, or give that credential the new password. '
				: '') +
			"See in DocuWare's Connections Overview which programs and people hold the licences, and end what is not " +
			`needed, or give the user of this credential a named licence.${better}`,
		{
			...said(detail, 401),
			listRepair:
				"See in DocuWare's Connections Overview who holds the licences, or give the user a named one." +
				better,
			retryable: true,
			retryAt: Date.now() + BLOCKED_MS,
		},
	);
}

/** What the credential could say instead; empty where it says so already. */
function betterSettings({ logsOffWhenIdle, waitLimitMs }: MissingLicence): string {
	const changes = [
		...(logsOffWhenIdle ? ['Session Policy to Keep'] : []),
		...(waitLimitMs !== null && waitLimitMs <= BLOCKED_MS
			? ['Wait for a Licence (Seconds) above 120']
			: []),
	];
	if (changes.length === 0) return '';
	return ` ${underAdvanced(`In the credential set ${changes.join(' and ')}`)}.`;
}
