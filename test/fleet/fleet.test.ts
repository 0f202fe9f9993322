import { describeQueueMode } from '../support/n8n/queueModeTests';
import { slowTokenEndpoint } from './scenarios/slowTokenEndpoint';
import { tokenLives } from './scenarios/tokenLives';
import { Fleet } from './support/fleet';

/** All scenarios have one fleet, which takes longer to start than most of them take. */
describeQueueMode('n8n in queue mode with three workers, Redis and PostgreSQL', () => {
	let running: Fleet;
	const fleet = () => running;

	beforeAll(async () => {
		running = await Fleet.start();
	});

	afterAll(async () => {
		await running?.dispose();
	});

	describe('on an ordinary day', () => tokenLives(fleet));
	describe('slow token endpoint', () => slowTokenEndpoint(fleet));
});
