import { InvalidValue } from '../world/sentValues';
import { isRecord } from '../../shared/requestBody';

/**
 * A `DialogExpression` as the text of `q`, as the vendor shows it: `dialog;{id};;Or;;COMPANY:US-Steel;DATE:>=a AND <=b`
 * (docs/facts/docuware.md 6.2). What would end a part is written with a percent sign.
 */
export function queryText(dialogId: string, body: Record<string, unknown>): string {
	const { Condition: conditions, Operation: operation = 'And' } = body;
	const list = Array.isArray(conditions) ? conditions.filter(isRecord) : [];
	const parts = list.map((condition) => {
		const name = [condition['DBName'], condition['ColumnName']]
			.filter((part) => typeof part === 'string' && part !== '')
			.join('.');
		const values: unknown = condition['Value'];
		return `${name}:${valueText(Array.isArray(values) ? values : [])}`;
	});
	return `dialog;${dialogId};;${String(operation)};;${parts.join(';')}`;
}

/**
 * The dialog and the body that a text of `q` means.
 * @throws InvalidValue for another text
 */
export function readQueryText(text: string): { dialogId: string; body: Record<string, unknown> } {
	const found = /^dialog;([^;]*);;(And|Or);;(.*)$/is.exec(text);
	if (found === null) throw new InvalidValue(`'${text}' is no query.`);
	const [, dialogId = '', operation = '', rest = ''] = found;
	const conditions = rest
		.split(';')
		.filter((part) => part !== '')
		.map((part) => {
			const at = part.indexOf(':');
			const [name = '', column] = part.slice(0, at).split('.');
			return {
				DBName: name,
				...(column === undefined ? {} : { ColumnName: column }),
				Value: readValueText(part.slice(at + 1)),
			};
		});
	return { dialogId, body: { Operation: operation, Condition: conditions } };
}

function valueText(values: unknown[]): string {
	if (values.length < 2) return escaped(values[0]);
	const [from, to] = values;
	const ends = [
		...(from === null ? [] : [`>=${escaped(from)}`]),
		...(to === null ? [] : [`<=${escaped(to)}`]),
	];
	return ends.join(' AND ');
}

function readValueText(text: string): Array<string | null> {
	const range = /^(?:>=(.*?))?(?: AND )?(?:<=(.*))?$/s.exec(text);
	if (!/^[><]=/.test(text) || range === null) return [decodeURIComponent(text)];
	const [, from, to] = range;
	return [from, to].map((end) => (end === undefined ? null : decodeURIComponent(end)));
}

function escaped(value: unknown): string {
	return String(value).replace(/[%;<>]|(?<=^| )AND(?= |$)/g, (found) =>
		[...found]
			.map((character) => `%${(character.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}`)
			.join(''),
	);
}
