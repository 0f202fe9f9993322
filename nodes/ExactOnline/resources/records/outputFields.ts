import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { ItemCall, OutputRow } from '../../../shared/node/operation';
import { readOptions } from '../../../shared/node/optionsField';
import { outputChoice, type OutputMode } from '../../../shared/node/outputChoice';
import { selectableFields } from '../../catalogue/catalogue';
import { accountCode, rowTypes } from '../../catalogue/fieldTypes';
import { codesOf } from '../../catalogue/endpointCodes';
import { ofField, wordOfCode, type CodedFields } from '../../catalogue/firstClass/codes';
import type { ResourceData } from '../../catalogue/firstClass/resourceData';
import type { Endpoint } from '../../catalogue/types';
import { answerField, isLeftOut } from '../../odata/answers';
import { selectClause } from '../../odata/queryOptions';
import type { ExactRow } from '../../wire/exactTypes';

/** Fields of a simplified row; `recordId`, and `recordKey` of a key that is no guid, are among them. */
const SIMPLE_FIELDS = 10;

/** What people know records by comes first. */
const FIRST = ['Code', 'Name'];

/** Of an endpoint without data of its own: fields that say little. */
const STAMPS = /^(?:Created|Creator|Modified|Modifier|Division|Timestamp)/;

export const outputFields: INodeProperties[] = outputChoice({
	simplified: 'The ten fields that matter most',
	raw: 'All fields as Exact Online delivers them',
	list: {
		loadOptionsMethod: 'getFieldsToReturn',
		loadOptionsDependsOn: ['resource', 'endpoint.value'],
	},
});

/** What is asked of Exact Online and what is made of it. */
export interface OutputPlan {
	mode: OutputMode;
	/** Undefined for all fields. */
	select: readonly string[] | undefined;
	endpoint: Endpoint;
	data?: ResourceData;
	/** Words of coded fields; those of the endpoint if missing. */
	codes?: CodedFields;
	/** Collections that are fetched with the row. */
	expand: readonly string[];
}

/** How the item wants its rows. */
export function readOutput(
	{ context, itemIndex }: Pick<ItemCall, 'context' | 'itemIndex'>,
	endpoint: Endpoint,
	data?: ResourceData,
): OutputPlan {
	const mode = context.getNodeParameter('output', itemIndex, 'simplified') as OutputMode;
	const expand = selectClause(readOptions({ context, itemIndex }).expand)?.split(',') ?? [];
	const plan = { mode, endpoint, data, expand };
	if (mode === 'simplified') return { ...plan, select: simpleFields(endpoint, data) };
	const chosen =
		mode === 'selected'
			? selectClause(context.getNodeParameter('fieldsToReturn', itemIndex, []))?.split(',')
			: undefined;
	return { ...plan, select: chosen && [...new Set([...endpoint.keyNames, ...chosen])] };
}

/** `$select` and `$expand` of a plan; a collection that is fetched has to stand in both. */
export function queryOf({ select, expand }: OutputPlan): { $select?: string; $expand?: string } {
	return {
		$select: select && [...select, ...expand].join(','),
		$expand: expand.length === 0 ? undefined : expand.join(','),
	};
}

/** Fields of a simplified row: code and name, then the most used ones, with the key among them. */
function simpleFields(endpoint: Endpoint, data?: ResourceData): readonly string[] {
	const known = simpleFieldsOf.get(endpoint);
	if (known !== undefined && known.data === data) return known.fields;
	const fields = findSimpleFields(endpoint, data);
	simpleFieldsOf.set(endpoint, { data, fields });
	return fields;
}

/** Asked for with each item. */
const simpleFieldsOf = new WeakMap<
	Endpoint,
	{ data: ResourceData | undefined; fields: readonly string[] }
>();

function findSimpleFields(endpoint: Endpoint, data?: ResourceData): string[] {
	const known = selectableFields(endpoint);
	const wanted =
		data?.simple ??
		data?.main ??
		known.filter((name) => !STAMPS.test(name) && !endpoint.keyNames.includes(name));
	const first = FIRST.filter((name) => wanted.includes(name));
	const rest = wanted.filter((name) => !first.includes(name) && known.includes(name));
	const keys = endpoint.keyNames.filter((name) => !first.includes(name) && !rest.includes(name));
	const own = endpoint.key.some(({ type }) => type !== 'Guid') ? 2 : 1;
	return [...[...first, ...rest].slice(0, SIMPLE_FIELDS - own - keys.length), ...keys];
}

/** A row as the item wants it. */
export function outputJson(plan: OutputPlan, row: ExactRow): IDataObject {
	const { mode, endpoint, data, codes, select, expand } = plan;
	if (mode !== 'simplified' || select === undefined || expand.length > 0)
		return rowWriter(plan)(row);
	const known = simpleWriters.get(select);
	const isKnown = known?.endpoint === endpoint && known.data === data && known.codes === codes;
	if (isKnown) return known.write(row);
	const write = rowWriter(plan);
	simpleWriters.set(select, { endpoint, data, codes, write });
	return write(row);
}

/** By the fields of simplified rows, which are the same for all items. */
const simpleWriters = new WeakMap<
	readonly string[],
	Pick<OutputPlan, 'endpoint' | 'data' | 'codes'> & { write: (row: ExactRow) => IDataObject }
>();

/** Makes rows of a list as the item wants them; what is known of the fields is looked up once. */
export function rowWriter(plan: OutputPlan): (row: ExactRow) => IDataObject {
	const { mode, endpoint, data, codes, select, expand } = plan;
	if (mode === 'raw') return (row) => row as IDataObject;
	const types = rowTypes(endpoint);
	const coded = codes ?? codesOf(endpoint, data);
	const wanted = select && [...new Set([...select, ...expand])];
	const accountCodes = new Map<string, boolean>();
	const isAccountCode = (name: string) => {
		const known = accountCodes.get(name) ?? accountCode(endpoint, name) !== undefined;
		accountCodes.set(name, known);
		return known;
	};
	return (row) => {
		const json: IDataObject = {};
		for (const name of wanted ?? Object.keys(row)) {
			if (!Object.hasOwn(row, name) || isLeftOut(name, row[name])) continue;
			const value = answerField(name, row[name], types);
			const words = ofField(coded, name);
			const isCode =
				words !== undefined && (typeof value === 'string' || typeof value === 'number');
			// Exact pads account codes with blanks, with which nothing of another source would be equal.
			const plain = typeof value === 'string' && isAccountCode(name) ? value.trim() : value;
			json[name] = (isCode ? wordOfCode(words, value) : plain) as IDataObject[string];
		}
		return json;
	};
}

/**
 * The same with the key of the record, by which the next node finds it again: behind code and name, as in a table, and
 * in front of all fields in Raw, of which the editor's table hides those after the fortieth.
 */
export function recordRow(plan: OutputPlan, row: ExactRow, more: IDataObject = {}): OutputRow {
	const keys = recordKeys(plan.endpoint, row);
	const json = outputJson(plan, row);
	if (plan.mode === 'raw') return { json: { ...keys, ...more, ...json } };
	const first = Object.fromEntries(
		FIRST.filter((name) => name in json).map((name) => [name, json[name]]),
	);
	return { json: { ...first, ...keys, ...more, ...json } };
}

/**
 * `recordId` of a row, under the same name for every endpoint; `recordKey` beside it where the key is no guid.
 */
export function recordKeys({ key }: Endpoint, row: ExactRow): IDataObject {
	const [only, ...others] = key;
	if (only === undefined) return {};
	const value = row[only.name];
	if (others.length === 0) {
		const recordId = value === undefined || value === null ? null : String(value).trim();
		return only.type === 'Guid' ? { recordId } : { recordId, recordKey: value as IDataObject };
	}
	const recordKey = Object.fromEntries(key.map(({ name }) => [name, row[name]])) as IDataObject;
	return { recordId: JSON.stringify(recordKey), recordKey };
}
