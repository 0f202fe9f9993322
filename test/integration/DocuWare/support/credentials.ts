import type { DocuWareSimulator } from '../../../simulators/DocuWare';
import type { FakeRun } from './fakeNode';

let runs = 0;

/** A run with the credential *DocuWare* of the simulator's first user. */
export function passwordRun(
	simulator: DocuWareSimulator,
	changes: Record<string, unknown> = {},
): FakeRun {
	const user = simulator.world.users[0]!;
	runs += 1;
	return {
		credentialType: 'docuWareApi',
		executionId: `run-${process.pid}-${runs}`,
		credential: {
			platformUrl: simulator.url,
			userName: user.name,
			password: user.password,
			organization: '',
			wayIn: 'automatic',
			sessionPolicy: 'keep',
			idleSeconds: 30,
			licenceWaitSeconds: 5,
			...changes,
		},
	};
}

/** A run with the credential *DocuWare Login Token*. */
export function tokenRun(
	simulator: DocuWareSimulator,
	loginToken: string,
	changes: Record<string, unknown> = {},
): FakeRun {
	runs += 1;
	return {
		credentialType: 'docuWareTokenApi',
		executionId: `run-${process.pid}-${runs}`,
		credential: {
			platformUrl: simulator.url,
			loginToken,
			usage: 'Multi',
			wayIn: 'automatic',
			licenceWaitSeconds: 5,
			...changes,
		},
	};
}

/** A login token of the simulator's first user, as an administrator hands it out. */
export function issueLoginToken(
	simulator: DocuWareSimulator,
	usage: 'Single' | 'Multi' = 'Multi',
	lifeMs = 86_400_000,
): string {
	return simulator.state.loginTokens.make({
		user: simulator.world.users[0]!,
		usage,
		targetProducts: ['PlatformService'],
		expiresAt: simulator.state.now() + lifeMs,
	}).value;
}
