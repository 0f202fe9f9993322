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
