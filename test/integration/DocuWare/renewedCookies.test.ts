import { readPasswordAccount } from '../../../nodes/DocuWare/auth/account/credentialData';
import { vaultSource } from '../../../nodes/DocuWare/auth/session/vaultSource';
import { openVault } from '../../../nodes/shared/vault/place/openVault';
import { passwordRun } from './support/credentials';
import { sessionFor } from './support/fakeNode';
import { useDocuWare } from './support/useDocuWare';

const GET = { method: 'GET', url: 'Organizations' } as const;

describe('cookies that an answer renews', () => {
	const bench = useDocuWare();

	it.each(['dwingressplatform', 'AWSALB', '.DWPLATFORMAUTH'])(
		'%s: the newest is used, also after a restart',
		async (name) => {
			const simulator = await bench.simulator();
			const session = await sessionFor(
				passwordRun(simulator, { organization: 'Peters Engineering' }),
			);
			await session.request(GET);
			const renewing = (value: string) => ({
				kind: 'status' as const,
				status: 200,
				headers: { 'set-cookie': `${name}=${value}; Path=/` },
				body: '{}',
				where: { tags: { route: 'Organizations' } },
			});
			simulator.faults.push(renewing('first'));
			await session.request(GET);
			const again = async () =>
				await sessionFor(passwordRun(simulator, { organization: 'Peters Engineering' }));
			expect(await (await again()).secret()).toMatchObject({
				cookie: expect.stringContaining(`${name}=first`),
			});
			await bench.restart();
			expect(await (await again()).secret()).toMatchObject({
				cookie: expect.stringContaining(`${name}=first`),
			});
			expect(simulator.faults.size).toBe(0);
		},
	);

	it('of the record that the account belonged to before are none of its present session', async () => {
		const simulator = await bench.simulator();
		const account = readPasswordAccount(passwordRun(simulator).credential);
		const source = await vaultSource(await openVault(), account, 'run');
		const session = await source.obtain();
		const { address } = account;
		const answer = {
			url: `${address.baseUrl}/Organizations`,
			setCookie: ['AWSALB=before; Path=/'],
			headers: {},
		};
		await source.absorb({ ...session, recordId: 'the record before' }, answer as never);
		expect(await source.obtain()).toEqual(session);
		await source.absorb(session, answer as never);
		expect((await source.obtain()).credential).toMatchObject({
			cookies: expect.stringContaining('AWSALB') as unknown,
		});
		await source.release();
	});

	it('an answer that comes later brings back no session cookie that another one has renewed', async () => {
		const simulator = await bench.simulator();
		const session = await sessionFor(passwordRun(simulator));
		await session.request(GET);
		const renewing = (cookie: string, route: string) => ({
			kind: 'status' as const,
			status: 200,
			headers: { 'set-cookie': `${cookie}; Path=/` },
			body: '{}',
			where: { tags: { route } },
		});
		simulator.faults.push({ ...renewing('AWSALB=slow', 'FileCabinets'), delayMs: 300 });
		simulator.faults.push(renewing('.DWPLATFORMAUTH=renewed', 'Organizations'));
		await Promise.all([session.request({ ...GET, url: 'FileCabinets' }), session.request(GET)]);
		const { cookie } = (await session.secret()) as { cookie: string };
		expect(cookie).toContain('AWSALB=slow');
		expect(cookie).toContain('.DWPLATFORMAUTH=renewed');
		expect(simulator.faults.size).toBe(0);
	});
});
