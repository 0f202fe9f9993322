import {
	createClientState,
	divisionCalls,
} from '../../../../../nodes/ExactOnline/api/limits/clientState';
import { inTurn } from '../../../../../nodes/ExactOnline/api/limits/divisionTurns';

it('a caller that gives up its place lets nobody overtake', async () => {
	const calls = divisionCalls(createClientState(), 'key');
	const controller = new AbortController();
	const started: string[] = [];
	let finishFirst: () => void = () => undefined;
	const first = inTurn(calls, undefined, async () => {
		started.push('first');
		await new Promise<void>((resolve) => (finishFirst = resolve));
	});
	const second = inTurn(calls, controller.signal, async () => {
		started.push('second');
		await Promise.resolve();
	});
	const third = inTurn(calls, undefined, async () => {
		started.push('third');
		await Promise.resolve();
	});
	controller.abort();
	await expect(second).rejects.toMatchObject({ code: 'EXACT_CANCELLED' });
	await new Promise((resolve) => setImmediate(resolve));
	expect(started).toEqual(['first']);
	finishFirst();
	await Promise.all([first, third]);
	expect(started).toEqual(['first', 'third']);
});
