import { join } from 'node:path';
import {
	importWorkflow,
	outputOf,
	projectRoot,
	readWorkflowFile,
	runWorkflow,
} from '../support/n8n';
import { FileContent } from '../simulators/DocuWare/http/fileContent';
import { addSection } from '../simulators/DocuWare/world/documents';
import { DOCUWARE_CREDENTIAL, DocuWareHost, endings } from './support/docuWareHost';

const MANUAL = "When clicking 'Execute workflow'";
const INVOICES = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';
const ARCHIVE = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1dff';

let docuWare: DocuWareHost;

beforeAll(async () => {
	docuWare = await DocuWareHost.start({ users: 1 });
	const { world } = docuWare.simulator;
	const invoices = world.fileCabinets.find(({ id }) => id === INVOICES);
	if (invoices === undefined) throw new Error('There are no invoices.');
	world.fileCabinets.push({ ...invoices, id: ARCHIVE, name: 'Archive' });
});

afterAll(async () => {
	await docuWare?.dispose();
});

it('the example approves small invoices and moves them, once, and leaves the others', async () => {
	const { simulator, client } = docuWare;
	simulator.addDocuments(INVOICES, [
		{ COMPANY: 'Peters', STATUS: 'To approve', AMOUNT: 120.5 },
		{ COMPANY: 'Meier', STATUS: 'To approve', AMOUNT: 900 },
		{ COMPANY: 'Müller', STATUS: 'To approve', AMOUNT: 500 },
		{ COMPANY: 'Schmidt', STATUS: 'Paid', AMOUNT: 10 },
	]);
	const { documents } = simulator.state;
	for (const document of documents.inCabinet(INVOICES)) {
		const content = FileContent.of(Buffer.from('%PDF invoice'));
		addSection(document, { name: 'a.pdf', contentType: 'application/pdf', content }, Date.now());
	}
	const credential = await docuWare.credential(docuWare.newUser());
	const path = join(projectRoot, 'examples', 'docuware-approve-and-move.json');
	const file = await readWorkflowFile(path, { [DOCUWARE_CREDENTIAL]: credential });
	const { id } = await importWorkflow(client, file);
	const execution = await runWorkflow(client, id, MANUAL);
	const again = await runWorkflow(client, id, MANUAL);
	expect(endings([execution, again])).toEqual({ success: 2 });

	const moved = outputOf(execution, 'Move to Archive').map(({ json }) => json);
	expect(moved.map(({ COMPANY, STATUS, AMOUNT }) => [COMPANY, STATUS, AMOUNT])).toEqual([
		['Peters', 'Approved', 120.5],
		['Müller', 'Approved', 500],
	]);
	expect(documents.inCabinet(INVOICES).map(({ values }) => values.COMPANY)).toEqual([
		'Meier',
		'Schmidt',
	]);
	const archived = documents.inCabinet(ARCHIVE);
	expect(archived).toHaveLength(2);
	expect(simulator.counters.logOns).toEqual({ password: 1, token: 0 });
});
