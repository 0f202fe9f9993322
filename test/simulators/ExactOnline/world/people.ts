/** An app registered at Exact's App Center. */
export interface SimulatedApp {
	clientId: string;
	clientSecret: string;
	name: string;
	/** Key of the proof in its webhooks, docs/facts/exact-online.md 6; see `webhookSecretOf`. */
	webhookSecret?: string;
	redirectUris: string[];
	/**
	 * Services it may use, e.g. `crm`, `system`; absent: all. Others answer 403,
	 * docs/facts/exact-online.md 1.10.
	 */
	scopes?: string[];
}

/** A person with a log-in at Exact. */
export interface SimulatedUser {
	userId: string;
	userName: string;
	fullName: string;
	email: string;
	/** Codes of the divisions this user may reach; the first is `CurrentDivision`. */
	divisions: number[];
}

/** First division of the default world; the others follow in steps of 7. */
export const FIRST_DIVISION = 3_100_007;

/** Division codes of the default world. */
export function defaultDivisionCodes(count: number): number[] {
	return Array.from({ length: count }, (_, index) => FIRST_DIVISION + 7 * index);
}

const CALLBACKS = [
	'http://localhost:5678/rest/oauth2-credential/callback',
	'http://127.0.0.1:5678/rest/oauth2-credential/callback',
];

/** Two apps of one customer and one of another product that is not allowed to read accounts. */
export const DEFAULT_APPS: readonly SimulatedApp[] = [
	{
		clientId: '6f1d4c1e-1f0a-4c55-9d0e-2f3a5b7c9d01',
		clientSecret: 'Sim1ClientSecret',
		webhookSecret: 'Sim1WebhookSecret',
		name: 'n8n',
		redirectUris: CALLBACKS,
	},
	{
		clientId: '6f1d4c1e-1f0a-4c55-9d0e-2f3a5b7c9d02',
		clientSecret: 'Sim2ClientSecret',
		webhookSecret: 'Sim2WebhookSecret',
		name: 'n8n test installation',
		redirectUris: CALLBACKS,
	},
	{
		clientId: '6f1d4c1e-1f0a-4c55-9d0e-2f3a5b7c9d03',
		clientSecret: 'Sim3ClientSecret',
		webhookSecret: 'Sim3WebhookSecret',
		name: 'Time registration only',
		redirectUris: CALLBACKS,
		scopes: ['current', 'system', 'hrm', 'project'],
	},
];

/** The webhook secret of an app; one of its own where none was given. */
export function webhookSecretOf({ webhookSecret, clientId }: SimulatedApp): string {
	return webhookSecret ?? `Webhook secret of ${clientId}`;
}

/** One user with more divisions than fit on a page, one with three of them, one with a single one. */
export function defaultUsers(divisions: readonly number[]): SimulatedUser[] {
	return [
		{
			userId: '0b7c3a52-7d1e-4f6b-8a90-c1d2e3f40501',
			userName: 'anna.devries',
			fullName: 'Anna de Vries',
			email: 'anna.devries@example.com',
			divisions: [...divisions],
		},
		{
			userId: '0b7c3a52-7d1e-4f6b-8a90-c1d2e3f40502',
			userName: 'bram.jansen',
			fullName: 'Bram Jansen',
			email: 'bram.jansen@example.com',
			divisions: divisions.slice(1, 4),
		},
		{
			userId: '0b7c3a52-7d1e-4f6b-8a90-c1d2e3f40503',
			userName: 'chloe.peeters',
			fullName: 'Chloé Peeters',
			email: 'chloe.peeters@example.com',
			divisions: divisions.slice(4, 5),
		},
	];
}
