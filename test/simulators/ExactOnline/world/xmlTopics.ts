import { escapeMarkup } from '../../shared/answers';
import type { Row } from '../odata/edm';
import type { TableContext } from './entityTable';
import { addOwnRow } from './printing';
import type { Records } from './records';
import { padCode } from './entityTable';

/** A topic of the XML interface: its elements and the resource whose rows they are. */
interface XmlTopic {
	element: string;
	endpoint: string;
	/** Element that holds the name or description. */
	text: string;
	field: string;
}

const TOPICS: Readonly<Record<string, XmlTopic>> = {
	Accounts: { element: 'Account', endpoint: 'crm/Accounts', text: 'Name', field: 'Name' },
	GLAccounts: {
		element: 'GLAccount',
		endpoint: 'financial/GLAccounts',
		text: 'Description',
		field: 'Description',
	},
	GLTransactions: {
		element: 'GLTransaction',
		endpoint: 'salesentry/SalesEntries',
		text: 'Description',
		field: 'Description',
	},
	Invoices: {
		element: 'Invoice',
		endpoint: 'salesinvoice/SalesInvoices',
		text: 'Description',
		field: 'Description',
	},
	Items: {
		element: 'Item',
		endpoint: 'logistics/Items',
		text: 'Description',
		field: 'Description',
	},
	Journals: {
		element: 'Journal',
		endpoint: 'financial/Journals',
		text: 'Description',
		field: 'Description',
	},
};

/** Topics whose elements are taken, and stand for no row of the simulator. */
const WITHOUT_ROWS: Readonly<Record<string, string>> = {
	MatchSets: 'MatchSet',
	Payments: 'Payment',
};

/** Master data, of which an upload makes rows. */
const MADE: ReadonlySet<string> = new Set(['Accounts', 'GLAccounts', 'Items']);

export interface XmlMessage {
	kind: 'done' | 'error' | 'fatal';
	node: string;
	/** Code of the element, if it has one. */
	code: string;
	description: string;
}

/** True if the interface knows the topic. */
export function isXmlTopic(topic: string): boolean {
	return Object.hasOwn(TOPICS, topic) || Object.hasOwn(WITHOUT_ROWS, topic);
}

/** The elements of a topic, all rows of the division. */
export function xmlElements(topic: string, division: number, records: Records): string[] {
	const found = TOPICS[topic];
	if (!found) return [];
	return records.set(division, found.endpoint).rows.map((row) => xmlElement(found, row));
}

function xmlElement({ element, text, field }: XmlTopic, row: Row): string {
	const id = String(row['ID'] ?? row['InvoiceID'] ?? row['EntryID']);
	const code = String(row['Code'] ?? row['InvoiceNumber'] ?? row['EntryNumber'] ?? '');
	const content = escapeMarkup(String(row[field] ?? ''));
	return `<${element} ID="{${id}}" code="${escapeMarkup(code)}"><${text}>${content}</${text}></${element}>`;
}

/** Takes the elements of an upload, and tells of each what became of it. */
export function takeXml(
	topic: string,
	xml: string,
	context: TableContext,
	records: Records,
): XmlMessage[] {
	const element = TOPICS[topic]?.element ?? WITHOUT_ROWS[topic] ?? '';
	if (!/<eExact[\s>][\s\S]*<\/eExact>\s*$/.test(xml)) {
		return [{ kind: 'fatal', node: '', code: '', description: 'The XML document is not valid.' }];
	}
	const pattern = new RegExp(`<${element}(\\s[^>]*?)?(?:/>|>([\\s\\S]*?)</${element}>)`, 'g');
	return [...xml.matchAll(pattern)].map(([, attributes = '', content = '']) =>
		takeElement({ topic, element, attributes, content }, context, records),
	);
}

interface XmlElement {
	topic: string;
	element: string;
	attributes: string;
	content: string;
}

function takeElement(
	{ topic, element, attributes, content }: XmlElement,
	context: TableContext,
	records: Records,
): XmlMessage {
	const code = unescaped(/\bcode="([^"]*)"/.exec(attributes)?.[1] ?? '').trim();
	const done: XmlMessage = { kind: 'done', node: element, code, description: 'Created' };
	const found = TOPICS[topic];
	if (!found || !MADE.has(topic)) return done;
	const value = new RegExp(`<${found.text}>([\\s\\S]*?)</${found.text}>`).exec(content)?.[1];
	if (value === undefined || value.trim() === '') {
		return { ...done, kind: 'error', description: `Mandatory: ${found.field}` };
	}
	const stored = topic === 'Accounts' ? padCode(code) : code;
	const known = records
		.set(context.division ?? 0, found.endpoint)
		.rows.find((row) => code !== '' && row['Code'] === stored);
	if (known) {
		known[found.field] = unescaped(value);
		records.stamp(context.division ?? 0, known);
		return { ...done, description: 'Updated' };
	}
	addOwnRow(found.endpoint, { Code: stored, [found.field]: unescaped(value) }, context, records);
	return done;
}

function unescaped(text: string): string {
	return text
		.replace(/&lt;/g, '<')
		.replace(/&gt;/g, '>')
		.replace(/&quot;/g, '"')
		.replace(/&#39;|&apos;/g, "'")
		.replace(/&amp;/g, '&');
}
