import { released } from '../../../../nodes/shared/process/singleFlight';

/** What Node calls an unhandled rejection while `act` runs and for a turn of the loop after it. */
async function unhandledDuring(act: () => Promise<unknown>): Promise<unknown[]> {
	const unhandled: unknown[] = [];
	const note = (reason: unknown) => unhandled.push(reason);
	process.on('unhandledRejection', note);
	try {
		await act().catch(() => undefined);
		await new Promise((resolve) => setImmediate(resolve));
		return unhandled;
	} finally {
		process.off('unhandledRejection', note);
	}
}

describe('released', () => {
	it('gives the reason of a signal that had said stop before', async () => {
		const reason = new Error('stopped');
		const work = new Promise<never>(() => {});
		await expect(released(work, AbortSignal.abort(reason))).rejects.toBe(reason);
	});

	it('leaves no failure of the work unhandled where the signal had said stop before', async () => {
		const unhandled = await unhandledDuring(
			async () => await released(Promise.reject(new Error('failed')), AbortSignal.abort()),
		);
		expect(unhandled).toEqual([]);
	});

	it('leaves no failure of the work unhandled where the signal says stop meanwhile', async () => {
		const abort = new AbortController();
		let fail: (error: Error) => void = () => {};
		const work = new Promise<never>((_resolve, reject) => {
			fail = reject;
		});
		const unhandled = await unhandledDuring(async () => {
			const call = released(work, abort.signal);
			abort.abort(new Error('stopped'));
			await expect(call).rejects.toThrow('stopped');
			fail(new Error('failed'));
		});
		expect(unhandled).toEqual([]);
	});
});
