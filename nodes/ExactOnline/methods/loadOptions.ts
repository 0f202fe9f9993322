import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';
import { withListErrors } from '../../shared/node/nodeErrors';
import { selectableFields } from '../catalogue/catalogue';
import { filterField } from '../catalogue/fieldTypes';
import type { Endpoint } from '../catalogue/types';
import { titleOf } from '../catalogue/words';
import { operatorsOf } from '../odata/filterRows';
import { readCurrentDivision } from '../resources/common/currentDivision';
import { divisionPages } from '../resources/division/divisionLists';
import { lineEndpoint } from '../resources/lines/documentLines';
import { OPERATOR_WORDS } from '../resources/records/listFields';
import { BY_FILTER } from '../resources/records/matchFields';
import { editedTarget, type EditedTarget } from './chosenTarget';
import { withClient } from './withClient';

/** The fields that the chosen resource or endpoint can return, for a drop-down; read from the catalogue. */
export async function getFieldsToReturn(
	this: ILoadOptionsFunctions,
): Promise<INodePropertyOptions[]> {
	return await offered(this, ({ endpoint }) =>
		selectableFields(endpoint)
			.sort()
			.map((name) => ({ name, value: name })),
	);
}

/** Collections of the chosen endpoint whose rows can be fetched with each record. */
export async function getCollections(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return await offered(this, ({ endpoint }) =>
		[...endpoint.fields.values()]
			.filter(({ type }) => type === 'Collection')
			.map(({ name }) => ({ name: titleOf(name), value: name })),
	);
}

/** Fields that can be compared, the main ones first. */
export async function getFilterFields(
	this: ILoadOptionsFunctions,
): Promise<INodePropertyOptions[]> {
	return await offered(this, ({ endpoint, data }) => {
		const main = (data?.main ?? endpoint.keyNames).filter((name) => isComparable(endpoint, name));
		const others = selectableFields(endpoint).filter(
			(name) => !main.includes(name) && isComparable(endpoint, name),
		);
		return [...main, ...others.sort()].map((name) => ({ name: titleOf(name), value: name }));
	});
}

/** Operators that fit the type of the field in the same row. */
export async function getFilterOperators(
	this: ILoadOptionsFunctions,
): Promise<INodePropertyOptions[]> {
	return await offered(this, ({ endpoint }) => {
		const field = String(this.getCurrentNodeParameter('&field') ?? '');
		const type = endpoint.fields.has(field) ? filterField(endpoint, field).type : 'String';
		return operatorsOf(type).map((value) => ({ name: OPERATOR_WORDS[value], value }));
	});
}

/** What a record of the chosen endpoint can be known again by. */
export async function getMatchFields(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return await offered(this, ({ endpoint }) => [
		{ name: 'Filter', value: BY_FILTER },
		...selectableFields(endpoint)
			.filter((name) => endpoint.fields.get(name)?.create && isComparable(endpoint, name))
			.sort()
			.map((name) => ({ name: titleOf(name), value: name })),
	]);
}

/** What a line of the chosen document may hold beside its main fields. */
export async function getFurtherLineFields(
	this: ILoadOptionsFunctions,
): Promise<INodePropertyOptions[]> {
	return await offered(this, ({ endpoint, data, operation }) => {
		if (data?.lines === undefined) return [];
		const { field, header, main } = data.lines;
		return [...lineEndpoint(endpoint, { field }).fields.values()]
			.filter(({ create, update }) => (operation === 'changeLine' ? update : create))
			.filter(({ name }) => name !== header && !main.includes(name))
			.map(({ name }) => ({ name: titleOf(name), value: name }))
			.sort((one, other) => (one.name < other.name ? -1 : 1));
	});
}

/** All divisions that the user may use. */
export async function getDivisions(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return await withClient(this, async (client) => {
		const division = await readCurrentDivision(client, undefined);
		const fields = ['Code', 'Description', 'CustomerName'];
		const options: INodePropertyOptions[] = [];
		for await (const rows of divisionPages(client, { division, fields })) {
			for (const { Code, Description, CustomerName } of rows) {
				const name = String(Description ?? CustomerName ?? 'Division');
				options.push({ name: `${name} (${String(Code)})`, value: String(Code) });
			}
		}
		return options;
	});
}

function isComparable(endpoint: Endpoint, name: string): boolean {
	return operatorsOf(filterField(endpoint, name).type).includes('eq');
}

/** Options made from the catalogue; none for a resource without an endpoint. */
async function offered(
	context: ILoadOptionsFunctions,
	make: (target: EditedTarget) => INodePropertyOptions[],
): Promise<INodePropertyOptions[]> {
	return await withListErrors(context.getNode(), async () => {
		const target = editedTarget(context);
		return await Promise.resolve(target === undefined ? [] : make(target));
	});
}
