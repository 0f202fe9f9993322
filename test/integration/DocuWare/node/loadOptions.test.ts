import { DocuWare } from '../../../../nodes/DocuWare/DocuWare.node';
import { getOrganizations } from '../../../../nodes/DocuWare/methods/loadOptions';
import { loadContext } from '../../../support/n8nContext';
import { useNode, type NodeFixture } from './support/nodeFixture';

const { start } = useNode();

const { description } = new DocuWare();

function contextOf({ credential }: NodeFixture, changes = {}) {
	return loadContext({ description, credentials: credential(changes) });
}

describe('getOrganizations', () => {
	it('lists the organizations with the shared session', async () => {
		const fixture = await start();
		const context = contextOf(fixture);
		const expected = [{ name: 'Peters Engineering', value: '1' }];
		expect(await getOrganizations.call(context)).toEqual(expected);
		expect(await getOrganizations.call(context)).toEqual(expected);
		expect(fixture.simulator.counters.logOns.password).toBe(1);
	});

	it('says in the drop-down what is wrong', async () => {
		const context = contextOf(await start(), { password: 'wrong' });
		await expect(getOrganizations.call(context)).rejects.toMatchObject({
			message: expect.stringContaining('[DOCUWARE_WRONG_PASSWORD]'),
		});
	});
});
