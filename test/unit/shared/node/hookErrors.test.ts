import { UserError } from 'n8n-workflow';

import { ConnectorError } from '../../../../nodes/shared/errors';
import { asHook } from '../../../../nodes/shared/node/hookErrors';

async function failing(error: unknown): Promise<unknown> {
	return await asHook(() => Promise.reject(error)).catch((thrown: unknown) => thrown);
}

describe('the work of a hook', () => {
	it('gives back what it made', async () => {
		expect(await asHook(async () => await Promise.resolve('token'))).toBe('token');
	});

	it('fails with what n8n shows: message, code and repair', async () => {
		const thrown = await failing(
			new ConnectorError('A_CODE', 'It failed.', { repair: 'Do this.' }),
		);
		expect(thrown).toBeInstanceOf(UserError);
		expect(thrown).toMatchObject({ message: 'It failed. [A_CODE]', description: 'Do this.' });
	});

	it('leaves any other error as it is', async () => {
		const error = new TypeError('a mistake');
		expect(await failing(error)).toBe(error);
	});
});
