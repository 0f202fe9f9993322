import {
	isSameApp,
	isSameTopic,
} from '../../../../../nodes/ExactOnline/trigger/webhook/subscriptions';

it('knows a topic however its letters are written', () => {
	expect(isSameTopic(' accounts', 'Accounts')).toBe(true);
	expect(isSameTopic('Account', 'Accounts')).toBe(false);
});

it('knows an app with and without brackets', () => {
	expect(isSameApp('{0A-1B}', '0a-1b')).toBe(true);
	expect(isSameApp('{0A-1C}', '0a-1b')).toBe(false);
});
