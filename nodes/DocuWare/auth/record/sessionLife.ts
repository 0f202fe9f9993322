import type { RecordLife } from '../../../shared/vault/rows/recordLives';
import type { VaultRecord } from '../../../shared/vault/rows/records';
import type { SessionSecret } from './sessionRecord';
import { emptiedMeta, metaOf } from './sessionRecord';

/** How long what a session's record holds may be good; of a cookie nobody knows it. */
export const sessionLife: RecordLife = {
	goodUntil(record, _rivals, secret) {
		const ends = endsOf(record, secret as SessionSecret);
		return ends.includes(null) ? null : Math.max(0, ...ends.map((end) => end ?? 0));
	},
	emptied: (record, secret) => ({
		meta: { ...emptiedMeta(metaOf(record), secret as SessionSecret) },
	}),
};

function endsOf(
	{ requestedAt }: VaultRecord,
	{ session, loginToken, sourceToken, replaced = [] }: SessionSecret,
): Array<number | null> {
	const tokens = [loginToken, sourceToken].filter((token) => token !== null);
	const sessions = [session, ...replaced.map((one) => one.session)].filter((one) => one !== null);
	return [
		...tokens.map(({ expiresAt }) => expiresAt),
		...sessions.map((one) =>
			one.kind === 'bearer' && requestedAt !== null ? requestedAt + one.lifeMs : null,
		),
	];
}
