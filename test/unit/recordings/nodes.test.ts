import { join } from 'node:path';
import type { INodeProperties, INodeType } from 'n8n-workflow';

import { loadContext } from '../../support/n8nContext';
import type { Json } from '../../support/recordings/differences';
import { asJson } from '../../support/recordings/differences';
import { manifest, publishedNode } from '../../support/recordings/publishedTypes';
import { fieldsShownFor, recordedField } from '../../support/recordings/recordedField';
import type { AllowedDifference } from '../../support/recordings/recording';
import { expectAsRecorded } from '../../support/recordings/recording';

const SIMPLIFY =
	'*Raw* among the options became *Simplify*, on by default: the output stays; nothing was published';

const OTHERS_USE =
	'*Force* of a log-off became a choice of *If Others Use It*; nothing was published';

/** Operations that act on a registration ask for a switch. */
const CONFIRMED: AllowedDifference[] = ['releaseRegistration', 'takeOverRegistration'].map(
	(one) => ({
		path: `resources > authorization > operations > ${one} > *`,
		change: 'added',
		issue: 14,
		reason:
			'a switch to confirm, without which nothing is done and the error says so; nothing was published',
	}),
);

/** *Simplify*, or *Fields to Return* among the options, became *Output*. */
const outputs = (
	...places: ReadonlyArray<readonly [path: string, change: AllowedDifference['change']]>
): AllowedDifference[] =>
	places.map(([path, change]) => ({
		path: `resources > ${path}`,
		change,
		issue: 14,
		reason: 'Output has Simplified, Selected Fields and Raw everywhere; nothing was published',
	}));

/** *Account* is one of many resources made from data now; paths below its operations. */
const FROM_DATA: ReadonlyArray<readonly [change: 'added' | 'removed' | 'changed', path: string]> = [
	['removed', 'get > account'],
	['added', 'get > record'],
	['removed', 'get > options > options > fields'],
	['added', 'get > options > options > *'],
	['removed', 'getAll > filters > options > *'],
	['added', 'getAll > filters > options > conditions'],
	['added', 'getAll > filters > typeOptions'],
	['changed', 'getAll > filters > type'],
	['added', 'getAll > limit > displayOptions > show > @tool'],
	['added', 'getAll > limit (2)'],
	['removed', 'getAll > options > options > *'],
	['added', 'getAll > options > options > *'],
	['added', 'getAll > sort'],
	['added', '* > output'],
	['added', '* > fieldsToReturn'],
];

/** A smaller limit of a resource's list where the node is a tool. */
const ofTools = (resource: string, issue: number): AllowedDifference[] =>
	['getAll > limit > displayOptions > show > @tool', 'getAll > limit (2)'].map((path) => ({
		path: `resources > ${resource} > operations > ${path}`,
		change: 'added',
		issue,
		reason: 'a smaller limit where the node is a tool; without it as before',
	}));

/** By node. */
const allowedDifferences: Record<string, AllowedDifference[]> = {
	exactOnline: [
		...CONFIRMED,
		...outputs(
			...['division > operations > getAll', 'me > operations > get'].flatMap(
				(one) =>
					[
						[`${one} > options`, 'removed'],
						[`${one} > output`, 'added'],
						[`${one} > fieldsToReturn`, 'added'],
					] as const,
			),
		),
		{
			path: 'resources > * > operations > * > callLimits',
			change: 'added',
			issue: 10,
			reason: 'how an operation stands to the limits of calls; without it as before',
		},
		...FROM_DATA.map(([change, path]) => ({
			path: `resources > account > operations > ${path}`,
			change,
			issue: 10,
			reason:
				'fields of Account come from the catalogue like those of all resources; nothing was published',
		})),
		...ofTools('division', 10),
		{
			path: 'resources > * > operations > * > options > options > raw',
			change: 'removed',
			issue: 7,
			reason: SIMPLIFY,
		},
		{
			path: 'resources > * > operations > * > simplify',
			change: 'added',
			issue: 7,
			reason: SIMPLIFY,
		},
	],
	docuWare: [
		{
			path: 'resources > * > operations > *',
			change: 'reordered',
			issue: 14,
			reason: 'Session stands below what an operation needs; values are stored by name',
		},
		...outputs(
			['* > operations > * > simplify', 'removed'],
			['* > operations > * > output', 'added'],
			['* > operations > * > fieldsToReturn', 'added'],
		),
		...ofTools('fileCabinet', 11),
		...ofTools('organization', 11),
		{
			path: 'resources > session > operations > logOff > force',
			change: 'removed',
			issue: 9,
			reason: OTHERS_USE,
		},
		{
			path: 'resources > session > operations > logOff > ifOthersUse',
			change: 'added',
			issue: 9,
			reason: OTHERS_USE,
		},
	],
};

/** Nobody's workflow holds what was not there. */
const NEW_OPERATIONS = [
	'resources > *',
	'resources > * > operations > *',
	'methods > *',
	'methods > * > *',
];

/** A choice of a field by its values. */
function valuesOf(field: INodeProperties | undefined): string[] {
	return (field?.options ?? []).flatMap((option) =>
		'value' in option ? [String(option.value)] : [],
	);
}

/** The one field of that name among those that are shown. */
function choiceOf(properties: readonly INodeProperties[], name: string, resource?: string) {
	const found = properties.filter(
		({ name: own, displayOptions }) =>
			own === name &&
			(resource === undefined || displayOptions?.show?.resource?.includes(resource) !== false),
	);
	if (found.length !== 1) throw new Error(`${found.length} fields ${name} for ${resource}`);
	return found[0]!;
}

/** A choice without its values: these are the members of the recording. */
function withoutValues({ options: _options, displayOptions: _shown, ...field }: INodeProperties) {
	return recordedField(field);
}

/** Lists that a node makes without asking a service. */
const OWN_LISTS = ['getFieldsToReturn'];

/** The field with what such a list offers for the resource: stored workflows hold values of it. */
async function withOwnList(
	node: INodeType,
	resource: string,
	field: INodeProperties,
): Promise<INodeProperties> {
	const { typeOptions, options, ...rest } = field;
	const method = String(typeOptions?.loadOptionsMethod ?? '');
	if (OWN_LISTS.includes(method)) {
		const context = loadContext({ description: node.description, parameters: { resource } });
		return { ...rest, options: await node.methods?.loadOptions?.[method]?.call(context) };
	}
	if (field.type !== 'collection' || options === undefined) return field;
	const inside = await Promise.all(
		options.map(async (option) =>
			'type' in option ? await withOwnList(node, resource, option) : option,
		),
	);
	return { ...field, options: inside as INodeProperties['options'] };
}

async function recordedOperations(node: INodeType, resource: string): Promise<Json> {
	const { properties } = node.description;
	const choice = choiceOf(properties, 'operation', resource);
	const others = properties.filter(({ name }) => name !== 'resource' && name !== 'operation');
	const fields = await Promise.all(
		others.map(async (field) => await withOwnList(node, resource, field)),
	);
	return {
		choice: withoutValues(choice),
		operations: Object.fromEntries(
			valuesOf(choice).map((operation) => [
				operation,
				fieldsShownFor(fields, { resource, operation }),
			]),
		),
	};
}

async function recordedResources(node: INodeType): Promise<Json> {
	const resources = valuesOf(choiceOf(node.description.properties, 'resource'));
	const recorded = resources.map(
		async (resource) => [resource, await recordedOperations(node, resource)] as const,
	);
	return Object.fromEntries(await Promise.all(recorded));
}

async function recordedNode(node: INodeType): Promise<Json> {
	const { description, methods = {} } = node;
	const { name, version, defaultVersion, credentials, inputs, outputs, usableAsTool } = description;
	return asJson({
		type: `${manifest.name}.${name}`,
		version,
		defaultVersion,
		inputs,
		outputs,
		usableAsTool,
		credentials,
		methods: Object.fromEntries(
			Object.entries(methods).map(([kind, byName]) => [kind, Object.keys(byName as object).sort()]),
		),
		resource: withoutValues(choiceOf(description.properties, 'resource')),
		resources: await recordedResources(node),
	});
}

it.each(['exactOnline', 'docuWare'])(
	'%s has the names, values and defaults that stored workflows hold',
	async (name) => {
		const present = await recordedNode(publishedNode(name));
		expectAsRecorded(join(__dirname, `${name}.node.json`), present, {
			allowedDifferences: allowedDifferences[name],
			mayGrow: NEW_OPERATIONS,
		});
	},
);
