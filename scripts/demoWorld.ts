import { defaultWorld, type DocuWareSimulator } from '../test/simulators/DocuWare';
import { FileContent } from '../test/simulators/DocuWare/http/fileContent';
import { addSection } from '../test/simulators/DocuWare/world/documents';
import { field } from '../test/simulators/DocuWare/world/fields';
import { FIRST_DIVISION, type ExactOnlineSimulator } from '../test/simulators/ExactOnline';

const DAY_MS = 86_400_000;
const ARCHIVE = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1dff';

/** What the simulated DocuWare of the demo has: the default, the supplier's number of an invoice, and an archive. */
export function demoWorld(): ReturnType<typeof defaultWorld> {
	const world = defaultWorld();
	const [invoices] = world.fileCabinets;
	if (invoices === undefined) throw new Error('The simulator has no file cabinet.');
	invoices.fields.unshift(field('SUPPLIERNO', 'Supplier number', 'Text'));
	world.fileCabinets.push({ ...invoices, id: ARCHIVE, name: 'Archive' });
	return world;
}

/** Invoices of yesterday that wait for approval, of suppliers that Exact Online knows, as the examples have them. */
export function addDemoInvoices(
	docuWare: DocuWareSimulator,
	exactOnline: ExactOnlineSimulator,
): void {
	const [invoices] = docuWare.world.fileCabinets;
	if (invoices === undefined) throw new Error('The simulator has no file cabinet.');
	const suppliers = exactOnline
		.rows(FIRST_DIVISION, 'crm/Accounts')
		.filter(({ IsSupplier: isOne }) => isOne === true)
		.map(({ Code: code }) => String(code).trim());
	const companies = ['Peters Engineering', 'Müller & Söhne', 'Jansen (Delft)'];
	const { first } = docuWare.addDocuments(
		invoices.id,
		companies.map((COMPANY, index) => ({
			...{ COMPANY, DOCTYPE: 'Invoice', STATUS: 'To approve', INVOICENO: 1001 + index },
			...{ AMOUNT: 240.5 * (index + 1), INVOICEDATE: `2026-04-0${index + 1}` },
			SUPPLIERNO: suppliers[index % suppliers.length],
		})),
	);
	for (const document of docuWare.state.documents.inCabinet(invoices.id)) {
		if (document.id < first) continue;
		document.storedAt = Date.now() - DAY_MS;
		const content = FileContent.of(Buffer.from('%PDF-1.7 An invoice.'));
		const file = { name: 'Invoice.pdf', contentType: 'application/pdf', content };
		addSection(document, file, document.storedAt);
	}
}
