import type {
	INodeProperties,
	INodePropertyCollection,
	INodePropertyMode,
	INodePropertyOptions,
	IDisplayOptions,
} from 'n8n-workflow';

import type { Json } from './differences';
import { asJson } from './differences';

type Option = INodePropertyOptions | INodeProperties | INodePropertyCollection;

/**
 * A field as a stored workflow or credential depends on it: everything but the words that people
 * read. Fields inside a collection are recorded likewise.
 */
export function recordedField(field: INodeProperties): Json {
	const { options, modes, typeOptions, ...rest } = withoutWords(field);
	return asJson({
		...rest,
		...(typeOptions === undefined ? {} : { typeOptions: withoutWords(typeOptions) }),
		...(options === undefined ? {} : { options: options.map(recordedOption) }),
		...(modes === undefined ? {} : { modes: modes.map(recordedMode) }),
	});
}

/** A choice by its value, a field of a collection or a group of fields by what is in it. */
function recordedOption(option: Option): Json {
	if ('type' in option) return recordedField(option);
	if ('values' in option) {
		return { name: option.name, values: option.values.map(recordedField) };
	}
	return asJson(option.value);
}

function recordedMode({
	name,
	type,
	typeOptions,
	extractValue,
	validation,
}: INodePropertyMode): Json {
	const checks = validation?.map((one) =>
		'properties' in one ? { ...one, properties: withoutWords(one.properties) } : one,
	);
	return asJson({ name, type, typeOptions, extractValue, validation: checks });
}

const WORDS = [
	'displayName',
	'description',
	'placeholder',
	'hint',
	'errorMessage',
	'multipleValueButtonText',
];

function withoutWords<T extends object>(value: T): T {
	return Object.fromEntries(Object.entries(value).filter(([name]) => !WORDS.includes(name))) as T;
}

/** The choice that a node's first fields make. */
export interface Chosen {
	resource: string;
	/** Absent: only the resource is chosen yet. */
	operation?: string;
}

/**
 * The fields that the user sees once resource and operation are chosen, in their order. What a field
 * asks of other fields besides stays with it. So it makes no difference whether two operations have a
 * field each or share one that is shown for both.
 */
export function fieldsShownFor(properties: readonly INodeProperties[], chosen: Chosen): Json[] {
	return properties
		.filter(({ displayOptions }) => isShown(displayOptions, chosen))
		.map(({ displayOptions, ...field }) => {
			const further = furtherConditions(displayOptions);
			return recordedField(further === undefined ? field : { ...field, displayOptions: further });
		});
}

const CHOICES = ['resource', 'operation'] as const;

function isShown(conditions: IDisplayOptions | undefined, chosen: Chosen): boolean {
	return CHOICES.every((choice) => {
		const shownFor = plainValues(conditions?.show?.[choice]);
		const hiddenFor = plainValues(conditions?.hide?.[choice]);
		const value = chosen[choice] ?? '';
		return (shownFor === undefined || shownFor.includes(value)) && !hiddenFor?.includes(value);
	});
}

/** A condition that is more than a list of values would need n8n to judge it; no field has one. */
function plainValues(values: unknown[] | undefined): unknown[] | undefined {
	if (values?.some((value) => typeof value === 'object' && value !== null) === true) {
		throw new Error(`A condition on resource or operation is no list: ${JSON.stringify(values)}`);
	}
	return values;
}

function furtherConditions(conditions: IDisplayOptions | undefined): IDisplayOptions | undefined {
	const further = Object.entries(conditions ?? {}).flatMap(([kind, asked]) => {
		const others = Object.entries(asked as object).filter(
			([name]) => name !== 'resource' && name !== 'operation',
		);
		return others.length === 0 ? [] : [[kind, Object.fromEntries(others)] as const];
	});
	return further.length === 0 ? undefined : (Object.fromEntries(further) as IDisplayOptions);
}
