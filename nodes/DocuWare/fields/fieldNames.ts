import { ConnectorError } from '../../shared/errors';
import { didYouMean } from '../../shared/values/nearNames';
import type { IndexField } from './indexFields';

/** What the fields belong to, for the words of an error, such as `the file cabinet Invoices`. */
export type FieldsOf = string;

/**
 * Finds fields by what people call them: by their name in the database, whatever its case, or by their label where
 * only one has it.
 */
export class FieldNames {
	private readonly byName: ReadonlyMap<string, IndexField>;

	constructor(
		readonly fields: readonly IndexField[],
		private readonly owner: FieldsOf,
	) {
		this.byName = new Map(fields.map((field) => [plain(field.name), field]));
	}

	/**
	 * @throws ConnectorError DOCUWARE_INVALID_VALUE for a name that nothing has, with those that are near, and for a
	 * label that several have
	 */
	find(typed: string): IndexField {
		const [field, another] = this.matching(typed);
		if (field !== undefined && another === undefined) return field;
		if (field === undefined) throw this.unknown(typed);
		const names = this.matching(typed).map(({ name }) => name);
		throw invalid(
			`${typed}: several fields of ${this.owner} have this label: ${names.join(', ')}.`,
			'Use the name in the database instead of the label.',
		);
	}

	/** Whether there is such a field. */
	has(typed: string): boolean {
		return this.matching(typed).length > 0;
	}

	private matching(typed: string): IndexField[] {
		const named = this.byName.get(plain(typed));
		if (named !== undefined) return [named];
		return this.fields.filter(({ label }) => plain(label) === plain(typed));
	}

	private unknown(typed: string): ConnectorError {
		const known = this.fields.flatMap(({ name, label }) => [name, label]);
		const near = didYouMean(typed, new Set(known));
		return invalid(
			`There is no field "${typed.slice(0, 60)}" in ${this.owner}.${near}`,
			'Use the name of a field in the database, or its label; File Cabinet > Get Fields lists them.',
		);
	}
}

function plain(name: string): string {
	return name.trim().toLowerCase();
}

function invalid(message: string, repair: string): ConnectorError {
	return new ConnectorError('DOCUWARE_INVALID_VALUE', message, { repair });
}
