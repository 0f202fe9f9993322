/** The product versions that the simulator can play (docs/facts/docuware.md 1.1). */
export type DocuWareVersion = '6.9' | '7.7' | '7.10' | '7.11' | '7.12';

/** What a version offers to somebody who wants to sign in. */
export interface VersionAbilities {
	/** Text of `Version` in the service description. */
	productVersion: string;
	/** `Account/*` works; otherwise it answers 410. */
	cookieLogon: boolean;
	/** The Identity Service exists (from 7.8). */
	identityService: boolean;
	/** Registered apps are known to the Identity Service (from 7.11). */
	appRegistration: boolean;
	/** What the server sends of its own accord is signed (from 7.10, docs/facts/docuware.md 8.3). */
	signs: boolean;
}

/** Abilities by version, after the table of docs/facts/docuware.md 1.1. */
export const versionAbilities: Readonly<Record<DocuWareVersion, VersionAbilities>> = {
	'6.9': {
		productVersion: '6.9.0.22',
		cookieLogon: true,
		identityService: false,
		appRegistration: false,
		signs: false,
	},
	'7.7': {
		productVersion: '7.7.0.118',
		cookieLogon: true,
		identityService: false,
		appRegistration: false,
		signs: false,
	},
	'7.10': {
		productVersion: '7.10.0.241',
		cookieLogon: true,
		identityService: true,
		appRegistration: false,
		signs: true,
	},
	'7.11': {
		productVersion: '7.11.0.305',
		cookieLogon: false,
		identityService: true,
		appRegistration: true,
		signs: true,
	},
	'7.12': {
		productVersion: '7.12.0.87',
		cookieLogon: false,
		identityService: true,
		appRegistration: true,
		signs: true,
	},
};
