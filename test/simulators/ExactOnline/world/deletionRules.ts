import type { EdmValue, Row } from '../odata/edm';
import { ValidationError } from '../odata/validation';
import type { Behaviour } from './behaviours';
import { endpointFacts } from './endpointFacts';
import type { Records } from './records';
import { referenceOf } from './references';

/** Master data that cannot be deleted while something refers to it, and the caption in the message. */
const KEPT: Readonly<Record<string, string>> = {
	'crm/Accounts': 'Account',
	'financial/GLAccounts': 'GLAccount',
	'logistics/Items': 'Item',
};

/** What goes with an account. */
const DEPENDENT: ReadonlySet<string> = new Set([
	'crm/Addresses',
	'crm/BankAccounts',
	'crm/Contacts',
]);

/**
 * Refuses to delete what is in use, and deletes what goes with a row (docs/facts/exact-online.md 4.6);
 * undefined for resources that are deleted freely.
 */
export function deletionRule(path: string, records: Records): Behaviour['beforeDelete'] {
	const caption = KEPT[path];
	if (caption === undefined) return undefined;
	return (row, context) => {
		const { division = 0 } = context;
		const key = row['ID'] ?? null;
		for (const [other, set] of records.allSets(division)) {
			const users = set.rows.filter((one) => refersTo(other, one, path, key));
			if (users.length > 0 && !DEPENDENT.has(other)) {
				const detail = other.split('/').pop() ?? other;
				throw new ValidationError([{ kind: 'inUse', field: caption, detail }]);
			}
			for (const one of users) records.delete(other, one, context, division);
		}
	};
}

function refersTo(path: string, row: Row, target: string, key: EdmValue): boolean {
	const { fields } = endpointFacts(path);
	return Object.entries(row).some(
		([field, value]) =>
			value === key &&
			fields[field] === 'Guid' &&
			referenceOf(path, field, 'Guid')?.target === target,
	);
}
