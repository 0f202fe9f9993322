import { ODataError } from './errors';

/** What a business rule finds wrong, in the words of docs/facts/exact-online.md 4.6, 4.7 and 6. */
export type Finding =
	| { kind: 'mandatory' | 'invalid'; field: string; detail?: string }
	| { kind: 'exists'; field?: string }
	| { kind: 'inUse'; field: string; detail: string };

/** Language of the person whose token it is; Exact answers in it. */
export type MessageLanguage = 'en' | 'nl';

const WORDS = {
	en: {
		mandatory: 'Mandatory',
		invalid: 'Invalid',
		exists: 'Data already exists.',
		inUse: 'Cannot delete',
		usedIn: 'Used in',
	},
	nl: {
		mandatory: 'Verplicht',
		invalid: 'Ongeldig',
		exists: 'Gegeven bestaat reeds.',
		inUse: 'Kan niet verwijderen',
		usedIn: 'Gebruikt in',
	},
} as const;

/** Captions that Exact shows instead of names of fields and resources. */
const DUTCH: Readonly<Record<string, string>> = {
	Account: 'Relatie',
	Code: 'Code',
	Customer: 'Klant',
	Description: 'Omschrijving',
	Documents: 'Documenten',
	GLAccount: 'Grootboekrekening',
	Item: 'Artikel',
	Journal: 'Dagboek',
	JournalCode: 'Dagboek',
	Name: 'Naam',
	OrderedBy: 'Besteld door',
	Supplier: 'Leverancier',
};

/** A write that breaks a business rule. Status and language are the simulator's switches. */
export class ValidationError extends Error {
	constructor(readonly findings: readonly Finding[]) {
		super(textOf(findings, 'en'));
	}

	/** The answer that the service gives. */
	toODataError(status: number, language: MessageLanguage): ODataError {
		return new ODataError(status, textOf(this.findings, language));
	}
}

function textOf(findings: readonly Finding[], language: MessageLanguage): string {
	const lines = findings.map((finding) => lineOf(finding, language));
	return findings[0]?.kind === 'mandatory' ? `${lines.join('\r\n')}\r\n` : lines.join('\r\n');
}

function lineOf(finding: Finding, language: MessageLanguage): string {
	const words = WORDS[language];
	const caption = (name: string): string => (language === 'nl' ? (DUTCH[name] ?? name) : name);
	switch (finding.kind) {
		case 'exists':
			return finding.field === undefined
				? words.exists
				: `${words.exists}: ${caption(finding.field)}`;
		case 'inUse':
			return `${words.inUse}: ${caption(finding.field)} - ${words.usedIn}: ${caption(finding.detail)}`;
		default: {
			const detail = finding.detail === undefined ? '' : ` (${finding.detail})`;
			return `${words[finding.kind]}: ${caption(finding.field)}${detail}`;
		}
	}
}
