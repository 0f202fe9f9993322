import { describeQueueMode } from '../support/n8n/queueModeTests';
import { cutLink } from './scenarios/cutLink';
import { frozenWorkers } from './scenarios/frozenWorkers';
import { killedWorkers } from './scenarios/killedWorkers';
import { restartedServers } from './scenarios/restartedServers';
import { rollingUpdate } from './scenarios/rollingUpdate';
import { sharedVault } from './scenarios/sharedVault';
import { slowTokenEndpoint } from './scenarios/slowTokenEndpoint';
import { tokenLives } from './scenarios/tokenLives';
import { webhookStorm } from './scenarios/webhookStorm';
import { wrongClocks } from './scenarios/wrongClocks';
import { Fleet } from './support/fleet';
import { CountedScenarios } from './support/scenarioCounters';

/** All scenarios have one fleet, which takes longer to start than most of them take. */
describeQueueMode('n8n in queue mode with three workers, Redis and PostgreSQL', () => {
	let running: Fleet;
	let counted: CountedScenarios | undefined;
	const fleet = () => running;

	beforeAll(async () => {
		running = await Fleet.start();
		counted = new CountedScenarios(running);
	});

	afterAll(async () => {
		await running?.dispose();
	});

	beforeEach(async () => {
		// Whatever a scenario before has left behind.
		running.exact.simulator.configure({ grace: 'none', tokenDelayMs: 0 });
		await counted?.begin();
	});

	afterEach(async () => await counted?.print(expect.getState().currentTestName ?? ''));

	describe('on an ordinary day', () => tokenLives(fleet));
	describe('slow token endpoint', () => slowTokenEndpoint(fleet));
	describe('killed workers', () => killedWorkers(fleet));
	describe('restarted servers', () => restartedServers(fleet));
	describe('frozen workers', () => frozenWorkers(fleet));
	describe('cut link', () => cutLink(fleet));
	describe('wrong clocks', () => wrongClocks(fleet));
	describe('shared vault', () => sharedVault(fleet));
	describe('webhook storm', () => webhookStorm(fleet));
	// The last one: the workers have a later version afterwards.
	describe('rolling update', () => rollingUpdate(fleet));
});
