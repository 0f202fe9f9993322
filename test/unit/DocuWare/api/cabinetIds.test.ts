import { CabinetFacts } from '../../../../nodes/DocuWare/api/cabinetFacts';
import { PlatformClient } from '../../../../nodes/DocuWare/api/platformClient';
import { RunMemory } from '../../../../nodes/DocuWare/api/runMemory';
import { FakeSession } from '../resources/support/fakeSession';

const GUID = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';

const ROWS = [
	{ Id: 'fc-1', Name: 'Invoices' },
	{ Id: 'fc-2', Name: 'fc-1' },
	{ Id: 'b_1', Name: 'Inbox', IsBasket: true },
];

function factsOf(...answers: object[]): { facts: CabinetFacts; session: FakeSession } {
	const session = new FakeSession(answers.map((body) => ({ body })));
	return { facts: new CabinetFacts(new PlatformClient(session), new RunMemory()), session };
}

it('takes what looks like an ID for one, without a request', async () => {
	const { facts, session } = factsOf();
	await expect(facts.idOf(` ${GUID}`, 'cabinets')).resolves.toBe(GUID);
	await expect(facts.idOf(`b_${GUID}`, 'both')).resolves.toBe(`b_${GUID}`);
	expect(session.requests).toEqual([]);
});

it('knows an ID of another form by the list, before any name', async () => {
	const { facts, session } = factsOf({}, { FileCabinet: ROWS });
	await expect(facts.idOf('fc-1', 'cabinets')).resolves.toBe('fc-1');
	await expect(facts.idOf('b_1', 'trays')).resolves.toBe('b_1');
	await expect(facts.idOf('invoices', 'cabinets')).resolves.toBe('fc-1');
	await expect(facts.idOf('fc-1', 'cabinets', true)).resolves.toBe('fc-2');
	expect(session.requests).toHaveLength(2);
});

it('does not take the ID of a tray for that of a file cabinet', async () => {
	const { facts } = factsOf({}, { FileCabinet: ROWS }, { FileCabinet: ROWS });
	await expect(facts.idOf('b_1', 'cabinets')).rejects.toMatchObject({
		code: 'DOCUWARE_UNKNOWN_NAME',
	});
});

it('knows the ID of a dialog by the list of dialogs', async () => {
	const dialogs = { Dialog: [{ Id: 'd-1', DisplayName: 'Search', Type: 'Search' }] };
	const { facts } = factsOf({ Id: 'fc-1', Name: 'Invoices', Fields: [] }, dialogs);
	await expect(facts.dialogIdOf('fc-1', 'd-1')).resolves.toBe('d-1');
	await expect(facts.dialogIdOf('fc-1', 'search')).resolves.toBe('d-1');
});
