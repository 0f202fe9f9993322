import {
	identityFacts,
	identityKey,
	provisionalKey,
} from '../../../../nodes/shared/tokenChain/identityKey';

const app = { service: 'exactonline', host: 'https://start.exactonline.nl', clientId: '{app}' };

it('reads the facts back from the key of an identity, whatever its user is called', () => {
	const key = identityKey(app, { userId: 'a|b', userName: 'Anna' });
	expect(key).toBe('exactonline|https://start.exactonline.nl|{app}#a|b');
	expect(identityFacts(key)).toEqual({ host: app.host, identifier: '{app}#a|b' });
});

it('tells the app alone while the user is not known', () => {
	const key = provisionalKey(app, 'fingerprint');
	expect(key).toBe('provisional|exactonline|https://start.exactonline.nl|fingerprint|{app}');
	expect(identityFacts(key)).toEqual({ host: app.host, identifier: '{app}' });
});

it.each([
	['6F1D4C1E-1F0A-4C55-9D0E-2F3A5B7C9D01', '6f1d4c1e-1f0a-4c55-9d0e-2f3a5b7c9d01'],
	['{6f1d4c1e-1f0a-4c55-9d0e-2f3a5b7c9d01}', '6f1d4c1e-1f0a-4c55-9d0e-2f3a5b7c9d01'],
	['An App', 'An App'],
])('knows one app by its client id however it is written: %s', (clientId, app) => {
	const key = identityKey(
		{ service: 'exactonline', host: 'h', clientId },
		{ userId: 'u', userName: null },
	);
	expect(key).toBe(`exactonline|h|${app}#u`);
});

it('knows one address of a service however it is written', () => {
	const upper = { ...app, host: 'https://dw.example.com/DocuWare/Identity' };
	const lower = { ...app, host: 'https://dw.example.com/docuware/identity' };
	const user = { userId: 'u', userName: null };
	expect(identityKey(upper, user)).toBe(identityKey(lower, user));
	expect(provisionalKey(upper, 'fingerprint')).toBe(provisionalKey(lower, 'fingerprint'));
});
