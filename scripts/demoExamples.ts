/** An example as it is offered in the demo. */
export interface DemoExample {
	/** Name of its file in examples/. */
	file: string;
	/** *Execute workflow* runs it; else it starts by itself once it is published. */
	byHand: boolean;
	/** What a person has to bring before it can run, as the demo has it not. */
	needs?: string;
}

const byHand = (file: string): DemoExample => ({ file, byHand: true });
const byItself = (file: string): DemoExample => ({ file, byHand: false });

/** All examples, the one to open first at the top: work that people know before what shows a mechanism. */
export const DEMO_EXAMPLES: readonly DemoExample[] = [
	...[
		'exact-online-spreadsheet-to-invoices.json',
		'exact-online-open-receivables-report.json',
		'docuware-nightly-search-export.json',
		'docuware-approve-and-move.json',
		'exact-online-changed-accounts-to-data-table.json',
		'exact-online-customers.json',
		'exact-online-keep-alive.json',
		'docuware-kept-session.json',
		'docuware-session-round-trip.json',
	].map(byHand),
	...[
		'exact-online-sales-invoices-to-docuware.json',
		'docuware-approved-invoices-to-exact-online.json',
	].map(byItself),
	{
		...byItself('docuware-mail-attachments.json'),
		needs: 'a mailbox of yours: a credential IMAP for its node New Mail',
	},
	{
		...byItself('exact-online-access-token.json'),
		needs: 'a credential Header Auth with a value of yours for its node Webhook',
	},
	{
		...byItself('docuware-validate-invoices-before-storing.json'),
		needs:
			'a credential DocuWare Webhook Secret API, and a DocuWare that calls n8n: the simulator does not by itself',
	},
];
