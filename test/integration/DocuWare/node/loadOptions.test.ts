import type { ILoadOptionsFunctions } from 'n8n-workflow';
import { getOrganizations } from '../../../../nodes/DocuWare/methods/loadOptions';
import { executeContext } from '../../../unit/DocuWare/resources/support/executeContext';
import { useNode, type NodeFixture } from './support/nodeFixture';

const { start } = useNode();

/** n8n's context for drop-downs, as far as it differs. */
function loadContext({ credential }: NodeFixture, changes = {}): ILoadOptionsFunctions {
	const { context } = executeContext({ credentials: credential(changes) });
	const load = { getCurrentNodeParameter: (name: string) => context.getNodeParameter(name, 0) };
	return { ...context, ...load } as unknown as ILoadOptionsFunctions;
}

describe('getOrganizations', () => {
	it('lists the organizations with the shared session', async () => {
		const fixture = await start();
		const context = loadContext(fixture);
		const expected = [{ name: 'Peters Engineering', value: '1' }];
		expect(await getOrganizations.call(context)).toEqual(expected);
		expect(await getOrganizations.call(context)).toEqual(expected);
		expect(fixture.simulator.counters.logOns.password).toBe(1);
	});

	it('says in the drop-down what is wrong', async () => {
		const context = loadContext(await start(), { password: 'wrong' });
		await expect(getOrganizations.call(context)).rejects.toMatchObject({
			message: expect.stringContaining('[DOCUWARE_WRONG_PASSWORD]'),
		});
	});
});
