import type { AskedSession } from '../../../../nodes/DocuWare/auth/nodeSession';
import type { SimulatedUser } from '../../../simulators/DocuWare/worldData';

export const ORIGIN = 'https://docuware.example';

/** How long a caller waits for a licence, in seconds: shorter than one stays blocked. */
const LICENCE_WAIT_SECONDS = 20;

export const IDLE_SECONDS = 30;

const WRONG_PASSWORD = 'not the password';

/**
 * The credentials of the model. `keeper` and `idler` log on with a password, one keeps its session and
 * one logs off when idle; `single` and `multi` begin with a login token; `wrong` is `keeper` with a
 * wrong password, and so shares its record.
 */
export const ACCOUNTS = ['keeper', 'idler', 'single', 'multi', 'wrong'] as const;

export type AccountName = (typeof ACCOUNTS)[number];

/** Who owns the tokens that are handed to *Token Log On*. */
export const GUEST = 'guest';

const ORGANIZATION = { id: '1', name: 'Model', guid: '00000000-0000-0000-0000-000000000001' };

/** The world of the simulator that the model's server is made of. */
export function serverWorld() {
	return {
		organizations: [ORGANIZATION],
		users: [...ACCOUNTS.filter((name) => name !== 'wrong'), GUEST].map((name): SimulatedUser => ({
			id: name,
			name,
			password: passwordOf(name),
			email: `${name}@docuware.example`,
			organizationId: ORGANIZATION.id,
		})),
		fileCabinets: [],
		apps: [],
	};
}

/** Name of the user an account stands for. */
export function userOf(account: AccountName): string {
	return account === 'wrong' ? 'keeper' : account;
}

/** A credential as n8n hands it out. */
export function credentialOf(
	account: AccountName,
	loginToken: string,
): { type: AskedSession['type']; data: Record<string, unknown> } {
	const common = {
		platformUrl: ORIGIN,
		wayIn: 'automatic',
		idleSeconds: IDLE_SECONDS,
		licenceWaitSeconds: LICENCE_WAIT_SECONDS,
	};
	if (account === 'single' || account === 'multi') {
		const usage = account === 'single' ? 'Single' : 'Multi';
		return { type: 'docuWareTokenApi', data: { ...common, usage, loginToken } };
	}
	return {
		type: 'docuWareApi',
		data: {
			...common,
			userName: userOf(account),
			password: account === 'wrong' ? WRONG_PASSWORD : passwordOf(account),
			organization: '',
			sessionPolicy: account === 'idler' ? 'logOffWhenIdle' : 'keep',
		},
	};
}

/** Whether a form of a log-on holds the wrong password. */
export function isWrongPassword(form: URLSearchParams): boolean {
	return form.get('Password') === WRONG_PASSWORD;
}

function passwordOf(name: string): string {
	return `password of ${name}`;
}
