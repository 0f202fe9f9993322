import { DocuWare } from '../../../../nodes/DocuWare/DocuWare.node';
import { directorySearches } from '../../../../nodes/DocuWare/methods/directorySearch';
import { loadContext } from '../../../support/n8nContext';
import { useNode, type NodeFixture } from '../node/support/nodeFixture';

const { start } = useNode();

const { description, methods } = new DocuWare();

function contextOf({ credential }: NodeFixture, parameters = {}) {
	return loadContext({ description, credentials: credential(), parameters });
}

const names = ({ results }: { results: Array<{ name: string }> }) =>
	results.map(({ name }) => name);

describe('the lists of the editor', () => {
	it('search users, groups and roles by what is typed', async () => {
		const context = contextOf(await start(), { resource: 'user', operation: 'get' });
		const { searchUsers, searchGroups, searchRoles } = directorySearches;
		expect(names(await searchUsers!.call(context, 'PEGGY'))).toEqual(['peggy.jenkins']);
		expect(names(await searchGroups!.call(context))).toContain('Accounting');
		expect(names(await searchRoles!.call(context, 'approval'))).toEqual(['Invoice approval']);
		const groups = await methods.loadOptions.getGroups.call(context);
		expect(groups.map(({ name }) => name)).toContain('Accounting');
		const roles = await methods.loadOptions.getRoles.call(context);
		expect(roles.map(({ name }) => name)).toContain('Everyone');
	});

	it('show the stamps of the chosen file cabinet, and none before one is chosen', async () => {
		const fixture = await start();
		const { searchStamps } = methods.listSearch;
		const parameters = (value: string) => ({
			resource: 'document',
			operation: 'placeStamp',
			fileCabinetId: { __rl: true, mode: 'name', value },
		});
		const stamps = await searchStamps.call(contextOf(fixture, parameters('Invoices')), 'app');
		expect(names(stamps)).toEqual(['Approved']);
		expect(await searchStamps.call(contextOf(fixture, parameters('')))).toEqual({ results: [] });
	});
});
