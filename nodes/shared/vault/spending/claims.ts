import type { ClaimOf } from '../rows/rivals';
import type { Sealer } from '../sealing';
import { secretSubject } from './secretSave';

/** The access token in a sealed pair, or something else that no other pair has where there is none. */
export function claimsIn(sealer: Sealer): ClaimOf {
	return ({ id, generation, sealed }) => {
		try {
			const value: unknown = JSON.parse(sealer.open(sealed, secretSubject(id, generation)));
			const { accessToken } = value as { accessToken?: unknown };
			return typeof accessToken === 'string' && accessToken !== '' ? accessToken : id;
		} catch {
			return id;
		}
	};
}
