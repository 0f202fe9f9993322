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
});
