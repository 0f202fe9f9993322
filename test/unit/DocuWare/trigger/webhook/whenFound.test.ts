import { whenFound } from '../../../../../nodes/DocuWare/trigger/webhook/whenFound';
import { ConnectorError } from '../../../../../nodes/shared/errors';

const failure = (code: string) => new ConnectorError(code, 'No.', { repair: 'Look.' });
const notFound = failure('DOCUWARE_NOT_FOUND');

/** Fails in turn with these errors, then reads. */
function reading(...errors: Error[]) {
	return jest.fn(async () => {
		const error = errors.shift();
		return error === undefined ? await Promise.resolve('read') : await Promise.reject(error);
	});
}

it.each([0, 1, 3])('reads what is found after %d tries', async (tries) => {
	const read = reading(...Array.from({ length: tries }, () => notFound));
	expect(await whenFound(read, undefined, [1, 1, 1])).toBe('read');
	expect(read).toHaveBeenCalledTimes(tries + 1);
});

it('gives up after the last pause, and at once for another error', async () => {
	const read = reading(notFound, notFound, notFound);
	await expect(whenFound(read, undefined, [1, 1])).rejects.toBe(notFound);
	const forbidden = failure('DOCUWARE_FORBIDDEN');
	await expect(whenFound(reading(forbidden), undefined, [1, 1])).rejects.toBe(forbidden);
});

it('asks no more when its time is over', async () => {
	const over = new AbortController();
	const read = reading(notFound);
	const found = whenFound(read, over.signal, [60_000]);
	over.abort();
	await expect(found).rejects.toThrow();
	expect(read).toHaveBeenCalledTimes(1);
});
