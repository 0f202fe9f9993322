import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { isRecord } from '../../../shared/http';
import { readLimit, takeRows, toolListFields } from '../../../shared/node/listFields';
import type { OutputRow } from '../../../shared/node/operation';
import { optionsCollection, readOptions } from '../../../shared/node/optionsField';
import { readEndpoint, selectableFields } from '../../catalogue/catalogue';
import { PARAMETER_CODES } from '../../catalogue/firstClass/codeLists';
import { codeOfWord } from '../../catalogue/firstClass/codes';
import type { AllRowsData } from '../../catalogue/firstClass/resourceData';
import { functionParameters } from '../../catalogue/functionParameters';
import { EDM_TYPES } from '../../odata/edm';
import { functionQuery, type FunctionArgument } from '../../odata/functionQuery';
import { inField } from '../../odata/invalidValue';
import type { ExactRow } from '../../wire/exactTypes';
import { divisionField } from '../common/divisionField';
import type { Operation, OperationCall } from '../operation';
import { outputFields, outputJson, readOutput, type OutputPlan } from './outputFields';
import { readValues } from './readValues';
import { referenceIdOf } from './references';
import { divisionOptions, inDivisions } from './severalDivisions';
import type { RecordTarget } from './target';
import { mapperOf } from './valueFields';
import { inSentence, pluralOf } from './words';

const TYPES = EDM_TYPES.filter((type) => type !== 'Binary');

/** Parameters that no table names; Exact's answer tells what a function takes. */
const furtherParameters: INodeProperties = {
	displayName: 'Further Parameters',
	name: 'parameters',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	placeholder: 'Add parameter',
	default: {},
	options: [
		{
			displayName: 'Parameter',
			name: 'rows',
			values: [
				{ displayName: 'Name', name: 'name', type: 'string', default: '' },
				{
					displayName: 'Type',
					name: 'type',
					type: 'options',
					options: TYPES.map((type) => ({ name: type, value: type })),
					default: 'String',
				},
				{ displayName: 'Value', name: 'value', type: 'string', default: '' },
			],
		},
	],
	description: 'Parameters by name, such as ageGroup, for functions whose parameters are not known',
};

/**
 * The rows of a function, which takes parameters in its address instead of a filter (docs/facts/exact-online.md 4.5).
 * @param name Get Many of a resource that is a function
 */
export function functionRows(
	target: RecordTarget,
	{ name, value }: Pick<Operation, 'name' | 'value'>,
): Operation {
	const many = pluralOf(inSentence(target.name));
	const known = target.data && functionParameters(target.data.endpoint);
	const takesNone = known !== undefined && known.length === 0;
	return {
		name,
		value,
		action: target.data === undefined ? 'Call function' : `Get many ${many}`,
		description:
			target.data === undefined
				? 'Get the rows of a function endpoint, which takes parameters'
				: `Get a list of ${many}${target.data.all === undefined ? '' : `; without parameters ${target.data.all.each}`}`,
		fields: [
			...target.fields,
			divisionField,
			...(takesNone ? [] : [mapperOf('Parameters', { supportAutoMap: false })]),
			...toolListFields,
			...outputFields,
			optionsCollection([...divisionOptions, furtherParameters]),
		],
		async execute(call) {
			const plan = readOutput(call, target.endpointOf(call), target.data);
			return await inDivisions(call, async (division) => await rowsOf(call, plan, division));
		},
	};
}

async function rowsOf(
	call: OperationCall,
	plan: OutputPlan,
	division: number,
): Promise<OutputRow[]> {
	const { context, itemIndex, client, signal } = call;
	const { endpoint } = plan;
	const { values, options } = readValues(call, { endpoint, method: 'POST', allWhole: true });
	const named: FunctionArgument[] = [];
	for (const { name, type } of functionParameters(endpoint.path) ?? []) {
		if (!Object.hasOwn(values, name)) continue;
		const given = await referenceIdOf(call, division, { name, type }, values[name]);
		const codes = PARAMETER_CODES[name];
		const value = codes ? inField(name, () => codeOfWord(codes, given)) : given;
		named.push({ name, type, value });
	}
	const further = readFurther(call);
	if (plan.data?.all && named.length === 0 && further.length === 0) {
		return await allRows(call, plan, plan.data.all, division);
	}
	const query = functionQuery([...named, ...further], options);
	const pages = client.pages({ method: 'GET', path: endpoint.path, division, query, signal });
	const rows = await takeRows(pages, readLimit(context, itemIndex));
	return rows.map((row) => ({ json: outputJson(plan, row) }));
}

/** What the function would say of each record, from the sync endpoint that has them all (docs/facts/exact-online.md 5). */
async function allRows(
	{ context, itemIndex, client, signal }: OperationCall,
	plan: OutputPlan,
	{ path, renamed, simple }: AllRowsData,
	division: number,
): Promise<OutputRow[]> {
	const endpoint = readEndpoint(path);
	const known = selectableFields(endpoint);
	const query = { $select: known.join(','), $filter: 'Timestamp gt 0L' };
	const pages = client.pages({ method: 'GET', path, division, query, signal });
	const rows = await takeRows(pages, readLimit(context, itemIndex));
	if (plan.mode === 'raw') return rows.map((row) => ({ json: row as IDataObject }));
	const names = known.map((name) => renamed[name] ?? name).filter((name) => name !== 'Timestamp');
	const select = plan.mode === 'simplified' ? simple : (plan.select ?? names);
	return rows.map((row) => {
		const named = Object.entries(row).map(([name, value]) => [renamed[name] ?? name, value]);
		return {
			json: outputJson({ ...plan, endpoint, select }, Object.fromEntries(named) as ExactRow),
		};
	});
}

function readFurther(call: OperationCall): FunctionArgument[] {
	const { parameters } = readOptions(call);
	const rows = isRecord(parameters) && Array.isArray(parameters.rows) ? parameters.rows : [];
	return rows.filter(isRecord).map(({ name, type, value }) => ({
		name: String(name ?? '').trim(),
		type: TYPES.find((one) => one === type) ?? 'String',
		value,
	}));
}
