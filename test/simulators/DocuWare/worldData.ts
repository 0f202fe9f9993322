import { cabinet, tray, usualStamps } from './world/cabinets';
import type { CabinetRight, SimulatedFileCabinet } from './world/cabinets';
import { field } from './world/fields';
import { invoicesCabinet } from './world/invoicesCabinet';

/** An organization of the simulated server. */
export interface SimulatedOrganization {
	/** Small number as text, as in `Organization.Id`. */
	id: string;
	name: string;
	guid: string;
	/** Key of the signatures of webhooks, docs/facts/docuware.md 8.3; see `passphraseOf`. */
	passphrase?: string;
}

/** A user of the simulated server. */
export interface SimulatedUser {
	/** GUID; also the `sub` of access tokens. */
	id: string;
	/** Login name, compared without case. */
	name: string;
	password: string;
	email: string;
	firstName?: string;
	lastName?: string;
	salutation?: string;
	/** Short name in the database; default the first eight characters of the name. */
	dbName?: string;
	networkId?: string;
	/** Until when the user is out of office, times in ISO. */
	outOfOffice?: { from?: string; until?: string };
	organizationId: string;
	/** May create and change users, and put them into groups and roles. */
	administrator?: boolean;
	/** Ids of file cabinets that answer this user 403. */
	deniedCabinets?: string[];
	/** What is allowed in a cabinet, by its id; absent: everything. */
	rights?: Record<string, CabinetRight[]>;
	/** Signs in through single sign-on only: every password is refused. */
	singleSignOnOnly?: boolean;
	/** May act for others with `grant_type=trusted`. */
	trusted?: boolean;
	/**
	 * No new session and no new token; access tokens live on to their expiry
	 * (docs/facts/docuware.md 5.3).
	 */
	locked?: boolean;
}

/** A group of users. */
export interface SimulatedGroup {
	id: string;
	name: string;
	organizationId: string;
	active: boolean;
	/** Ids of its users. */
	userIds: string[];
}

/** A role, whose users are its own and those of its groups. */
export interface SimulatedRole extends SimulatedGroup {
	type: 'Standard' | 'Default' | 'Administrator';
	groupIds: string[];
}

/** An app registration (docs/facts/docuware.md 5.4). */
export interface SimulatedApp {
	clientId: string;
	name: string;
	type: 'web' | 'native' | 'service';
	/** Up to two; a native app has none. */
	clientSecrets: string[];
	/** Compared byte by byte. */
	redirectUris: string[];
	/** May receive refresh tokens (`offline_access`). */
	refreshTokens: boolean;
	/** PKCE is required also of a web app; a native app always needs it. */
	requirePkce?: boolean;
	/** Name of the user for whom `client_credentials` acts; absent = grant not allowed. */
	actsAs?: string;
	/** Life of its access tokens in seconds: 1800, 3600 or 5400 at the real service. */
	accessTokenSeconds?: number;
}

/** The passphrase of the organization of a cabinet; one of its own where none was given. */
export function passphraseOf(
	{ organizations }: Pick<DocuWareWorld, 'organizations'>,
	{ organizationId }: Pick<SimulatedFileCabinet, 'organizationId'>,
): string {
	const found = organizations.find(({ id }) => id === organizationId);
	return found?.passphrase ?? `Passphrase of organization ${organizationId}`;
}

/** All data of the simulated server. */
export interface DocuWareWorld {
	organizations: SimulatedOrganization[];
	users: SimulatedUser[];
	/** Absent: none. */
	groups?: SimulatedGroup[];
	roles?: SimulatedRole[];
	fileCabinets: SimulatedFileCabinet[];
	apps: SimulatedApp[];
}

/**
 * The client that every Identity Service knows without a registration (docs/facts/docuware.md 5.2).
 */
export const builtInClientId = 'docuware.platform.net.client';

/** A small but complete world; each call returns a fresh copy. */
export function defaultWorld(): DocuWareWorld {
	return {
		organizations: [
			{
				id: '1',
				name: 'Peters Engineering',
				guid: '8f4c2a60-51d3-4d0e-9b72-3c1de5a70911',
				passphrase: 'Peters passphrase Ü',
			},
			{ id: '2', name: 'Peters Logistics', guid: '27be9d14-0c6a-4f0b-8a55-9f6b0f41c302' },
		],
		users: [
			{
				id: '5b1d0c6e-7a83-4b7f-9e0a-0d6a3c1f1a01',
				name: 'api',
				password: 'P&ters+Müller 100%',
				email: 'api@peters-engineering.example',
				administrator: true,
				organizationId: '1',
			},
			{
				id: '5b1d0c6e-7a83-4b7f-9e0a-0d6a3c1f1a02',
				name: 'peggy.jenkins',
				password: 'correct horse',
				email: 'peggy.jenkins@peters-engineering.example',
				firstName: 'Peggy',
				lastName: 'Jenkins',
				dbName: 'PJENKINS',
				organizationId: '1',
				deniedCabinets: ['4d3b1f86-7f52-4f7c-8a9f-2b6a5d0e3c20'],
			},
			{
				id: '5b1d0c6e-7a83-4b7f-9e0a-0d6a3c1f1a03',
				name: 'sso.user',
				password: 'unused',
				email: 'sso.user@peters-engineering.example',
				organizationId: '1',
				singleSignOnOnly: true,
			},
			{
				id: '5b1d0c6e-7a83-4b7f-9e0a-0d6a3c1f1a04',
				name: 'trusted.service',
				password: 'trust me',
				email: 'trusted@peters-engineering.example',
				organizationId: '1',
				trusted: true,
			},
			{
				id: '5b1d0c6e-7a83-4b7f-9e0a-0d6a3c1f1a05',
				name: 'logistics.api',
				password: 'forklift',
				email: 'api@peters-logistics.example',
				administrator: true,
				organizationId: '2',
			},
			{
				id: '5b1d0c6e-7a83-4b7f-9e0a-0d6a3c1f1a06',
				name: 'reader',
				password: 'look, do not touch',
				email: 'reader@peters-engineering.example',
				organizationId: '1',
				rights: {
					'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10': ['General_Search', 'General_DisplayDocument'],
				},
			},
		],
		groups: [
			{
				id: '6c2e1d7f-8b94-4c80-af1b-1e7b4d2a2b01',
				name: 'Accounting',
				organizationId: '1',
				active: true,
				userIds: ['5b1d0c6e-7a83-4b7f-9e0a-0d6a3c1f1a02'],
			},
			{
				id: '6c2e1d7f-8b94-4c80-af1b-1e7b4d2a2b02',
				name: 'Former staff',
				organizationId: '1',
				active: false,
				userIds: [],
			},
			{
				id: '6c2e1d7f-8b94-4c80-af1b-1e7b4d2a2b03',
				name: 'Drivers',
				organizationId: '2',
				active: true,
				userIds: ['5b1d0c6e-7a83-4b7f-9e0a-0d6a3c1f1a05'],
			},
		],
		roles: [
			{
				id: '7d3f2e80-9ca5-4d91-b02c-2f8c5e3b3c01',
				name: 'Administrators',
				organizationId: '1',
				active: true,
				type: 'Administrator',
				userIds: ['5b1d0c6e-7a83-4b7f-9e0a-0d6a3c1f1a01'],
				groupIds: [],
			},
			{
				id: '7d3f2e80-9ca5-4d91-b02c-2f8c5e3b3c02',
				name: 'Invoice approval',
				organizationId: '1',
				active: true,
				type: 'Standard',
				userIds: [],
				groupIds: ['6c2e1d7f-8b94-4c80-af1b-1e7b4d2a2b01'],
			},
			{
				id: '7d3f2e80-9ca5-4d91-b02c-2f8c5e3b3c03',
				name: 'Everyone',
				organizationId: '1',
				active: true,
				type: 'Default',
				userIds: [],
				groupIds: [],
			},
		],
		fileCabinets: [
			invoicesCabinet(),
			cabinet(
				'4d3b1f86-7f52-4f7c-8a9f-2b6a5d0e3c20',
				'Personnel',
				'1',
				[
					field('EMPLOYEE', 'Employee', 'Text', { NotEmpty: true }),
					field('NOTES', 'Notes', 'Memo'),
				],
				{ versionManagement: 'Manual', stamps: usualStamps() },
			),
			cabinet('c7e2a9b4-6d18-4c35-b0f7-5a1e9d3c8b30', 'Freight papers', '2', [
				field('SHIPMENT', 'Shipment', 'Text'),
			]),
			tray('e9f0b3c1-2d47-4e58-8b6a-1c3d5e7f9a40', 'Inbox', '1'),
			tray('e9f0b3c1-2d47-4e58-8b6a-1c3d5e7f9a41', 'Inbox', '1'),
			tray('e9f0b3c1-2d47-4e58-8b6a-1c3d5e7f9a42', 'Scans', '2'),
		],
		apps: [
			{
				clientId: '3f0e6c58-94d1-4e0c-8f60-6f1b6d2a7e01',
				name: 'n8n',
				type: 'web',
				clientSecrets: ['n8n-web-app-secret'],
				redirectUris: [
					'http://localhost:5678/rest/oauth2-credential/callback',
					'http://127.0.0.1:5678/rest/oauth2-credential/callback',
				],
				refreshTokens: true,
			},
			{
				clientId: '3f0e6c58-94d1-4e0c-8f60-6f1b6d2a7e02',
				name: 'Desktop tool',
				type: 'native',
				clientSecrets: [],
				redirectUris: ['http://localhost:8400/callback'],
				refreshTokens: true,
			},
			{
				clientId: '3f0e6c58-94d1-4e0c-8f60-6f1b6d2a7e03',
				name: 'Night service',
				type: 'service',
				clientSecrets: ['night-service-secret'],
				redirectUris: [],
				refreshTokens: false,
				actsAs: 'api',
			},
		],
	};
}
