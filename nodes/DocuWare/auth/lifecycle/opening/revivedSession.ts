import type { Vault } from '../../../../shared/vault/vault';
import type { SessionAccount } from '../../account/sessionAccount';
import type { LiveSession } from '../../record/openSession';
import { forgetSession, openedFrom, rememberSession } from '../../record/openSession';
import type { SessionView } from '../../record/sessionRecord';
import { changeSession } from '../../record/sessionRecord';
import { probeSession } from '../../wire/sessionProbe';

/**
 * A session of which it is not certain that it is dead: the server refused a request, or a process died
 * while logging off. The server is asked once, for all who wait; a session that lives is used on, so that no
 * other refusal costs a licence.
 * @returns undefined where it is dead
 */
export async function revivedSession(
	vault: Vault,
	account: SessionAccount,
	view: SessionView,
): Promise<LiveSession | undefined> {
	const { id, generation } = view.record;
	const session = openedFrom(vault, view);
	if (session === undefined || performance.now() >= session.validUntil) return undefined;
	// A doubt that the server does not resolve is no reason to log on anew.
	const lives = (await probeSession(vault, account, session.credential)) !== 'dead';
	await vault.writeAt(id, () =>
		changeSession(vault, id, generation, (secret, now) => [
			lives ? secret : { ...secret, session: null },
			{ ...now, state: lives ? 'open' : 'none' },
		]),
	);
	if (!lives) forgetSession(vault, id);
	return lives ? rememberSession(vault, session) : undefined;
}
