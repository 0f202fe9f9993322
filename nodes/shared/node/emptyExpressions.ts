import type { INodeProperties } from 'n8n-workflow';
import { isRecord } from '../http';
import { codesOf, holeIn, isNothing, type Evaluate } from './expressionHoles';
import { truthIn } from './toolArguments';

/** What an expression has left empty in the value of a field. */
export interface Gap {
	/** Names of the field and of what is in it, outermost first, as the editor shows them. */
	labels: readonly string[];
	/** Keys from the field's value down to what is empty; none for the value itself. */
	path: ReadonlyArray<string | number>;
	/** The expression as the node has it. */
	expression: string;
	/** What it gives instead of a value, such as `null`. */
	gives: string;
	/** Whether it gives something, but none of the choices that the field has. */
	isNoChoice?: boolean;
}

/** What a value is read with. */
interface Reading {
	/** Evaluates one `{{ … }}` for the item; undefined where n8n cannot be asked. */
	evaluate: Evaluate | undefined;
	labels: readonly string[];
	path: ReadonlyArray<string | number>;
	/** The field and those beside it, of which several may have one name. */
	siblings: readonly INodeProperties[];
	/** Whether a model may have given the value, which says yes and no in more words. */
	isTool: boolean;
}

/**
 * What expressions have left empty in a field, also inside its collections. What was typed is never
 * empty in this sense: it means the default.
 *
 * @param typed the field in the node's own parameters
 * @param value what n8n made of it for an item
 * @param siblings the field and those beside it
 * @param isTool whether the node runs as a tool of a model
 */
export function findGaps(
	field: INodeProperties,
	typed: unknown,
	value: unknown,
	reading: Pick<Reading, 'evaluate' | 'siblings' | 'isTool'>,
): Gap[] {
	return gapsIn(field, typed, value, { ...reading, labels: [field.displayName], path: [] });
}

/**
 * Whether a parameter may hold an expression, at any depth. Backslashes before a `{{` are read in another way by what
 * evaluates than by what splits (`\\{{` is code to the one only), so the `=` alone decides.
 */
export function hasExpression(typed: unknown): boolean {
	if (typeof typed === 'string') return typed.startsWith('=');
	if (typeof typed !== 'object' || typed === null) return false;
	return Object.values(typed).some(hasExpression);
}

function gapsIn(field: INodeProperties, typed: unknown, value: unknown, at: Reading): Gap[] {
	if (typeof typed === 'string') {
		return codesOf(typed).length > 0 ? gapsOfExpression(field, typed, value, at) : [];
	}
	if (!isRecord(typed)) return [];
	if (typed.__rl === true) return gapsIn(asLine(field), typed.value, locatedValue(value), at);
	return membersOf(field, typed, value).flatMap(({ member, key, labels, siblings, ...given }) =>
		gapsIn(member, given.typed, given.value, {
			...at,
			siblings,
			labels: [...at.labels, ...labels],
			path: [...at.path, ...key],
		}),
	);
}

function gapsOfExpression(
	field: INodeProperties,
	expression: string,
	value: unknown,
	at: Reading,
): Gap[] {
	if (field.type === 'resourceLocator') {
		return gapsOfExpression(asLine(field), expression, locatedValue(value), at);
	}
	const gap = { labels: at.labels, path: at.path, expression };
	const gives = missingIn(field, value) ?? missingInParts(field, expression, at.evaluate);
	if (gives !== undefined) return [{ ...gap, gives }];
	const wrong = noChoiceIn(field, value, at.siblings) ?? noTruthIn(field, value, at.isTool);
	return wrong === undefined ? [] : [{ ...gap, gives: wrong, isNoChoice: true }];
}

/** What a locator leads to is found by one line, whichever its mode. */
function asLine({ typeOptions: _none, ...field }: INodeProperties): INodeProperties {
	return { ...field, type: 'string' };
}

interface Member {
	member: INodeProperties;
	siblings: readonly INodeProperties[];
	key: Array<string | number>;
	labels: string[];
	typed: unknown;
	value: unknown;
}

/** The entries of a collection that the node's parameters hold. */
function membersOf(
	field: INodeProperties,
	typed: Record<string, unknown>,
	value: unknown,
): Member[] {
	const given = isRecord(value) ? value : {};
	if (field.type === 'collection') {
		return entriesOf(fieldsIn(field.options), [], [], typed, given);
	}
	if (field.type === 'resourceMapper') return neededColumns(typed, given);
	if (field.type !== 'fixedCollection') return [];
	return (field.options ?? []).flatMap((group) => {
		if (!('values' in group) || !(group.name in typed)) return [];
		const [inNode, inItem] = [typed[group.name], given[group.name]];
		if (!Array.isArray(inNode)) {
			return entriesOf(group.values, [group.name], [], inNode, inItem);
		}
		return inNode.flatMap((entry: unknown, index) =>
			entriesOf(
				group.values,
				[group.name, index],
				[`${group.displayName} ${index + 1}`],
				entry,
				Array.isArray(inItem) ? inItem[index] : undefined,
			),
		);
	});
}

function entriesOf(
	members: readonly INodeProperties[],
	key: Array<string | number>,
	labels: string[],
	typed: unknown,
	value: unknown,
): Member[] {
	if (!isRecord(typed)) return [];
	const given = isRecord(value) ? value : {};
	return members
		.filter(({ name }) => name in typed)
		.map((member) => ({ ...memberOf(member, key, labels, typed, given), siblings: members }));
}

function memberOf(
	member: INodeProperties,
	key: Array<string | number>,
	labels: string[],
	typed: Record<string, unknown>,
	value: Record<string, unknown>,
): Member {
	return {
		member,
		siblings: [member],
		key: [...key, member.name],
		labels: [...labels, member.displayName],
		typed: typed[member.name],
		value: value[member.name],
	};
}

/**
 * Columns of a resource mapper that the record cannot do without. What another one stands for where it is empty, and
 * by which of them a record is found, the operation knows.
 */
function neededColumns(typed: Record<string, unknown>, given: Record<string, unknown>): Member[] {
	const [inNode, inItem] = [typed.value, given.value];
	if (!isRecord(inNode) || !Array.isArray(typed.schema)) return [];
	const values = isRecord(inItem) ? inItem : {};
	return typed.schema.filter(isRecord).flatMap(({ id, displayName, required }) => {
		const name = String(id);
		if (!(name in inNode) || required !== true) return [];
		const member = { name, displayName: String(displayName ?? id), type: 'string', default: '' };
		return [memberOf(member as INodeProperties, ['value'], [], inNode, values)];
	});
}

function fieldsIn(options: INodeProperties['options']): INodeProperties[] {
	return (options ?? []).filter((option): option is INodeProperties => 'type' in option);
}

/** With `extractValue` n8n gives the value of a resource locator alone. */
function locatedValue(value: unknown): unknown {
	return isRecord(value) && 'value' in value ? value.value : value;
}

/** What a value is instead of one that the field can use; undefined for a usable one. */
function missingIn({ type, typeOptions }: INodeProperties, value: unknown): string | undefined {
	if (value === undefined || value === null || Number.isNaN(value)) return String(value);
	if (typeof value === 'string' && value.trim() === '') return 'an empty text';
	if (Array.isArray(value)) {
		if (value.length === 0 && type !== 'json') return 'an empty list';
		return type === 'multiOptions' && value.some(isNothing)
			? 'a list with empty entries'
			: undefined;
	}
	if (type !== 'number') return undefined;
	const number =
		typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN;
	if (!Number.isFinite(number)) return 'no number';
	const { minValue = -Infinity } = typeOptions ?? {};
	return number < minValue ? `${number}, which is less than ${minValue}` : undefined;
}

/** Longest part of a wrong choice, and most choices, that an error shows. */
const SHOWN = { text: 60, choices: 12 };

/**
 * A value that is none of those that the field offers; what a list from the service holds, only that knows. Of several fields of
 * one name n8n shows one at a time, and which it is, n8n alone knows: a choice of any of them will do.
 */
function noChoiceIn(
	{ name, type }: INodeProperties,
	value: unknown,
	siblings: readonly INodeProperties[],
): string | undefined {
	if (type !== 'options' && type !== 'multiOptions') return undefined;
	const lists = siblings.filter((one) => one.name === name).map(choicesIn);
	if (lists.some((list) => list.length === 0)) return undefined;
	const choices = lists.flat();
	const given: unknown[] = type === 'multiOptions' && Array.isArray(value) ? value : [value];
	const wrong = given.find((one) => typeof one === 'object' || !choices.includes(String(one)));
	if (wrong === undefined) return undefined;
	const more = choices.length > SHOWN.choices ? ', …' : '';
	return `${shown(wrong)}, which is none of ${choices.slice(0, SHOWN.choices).join(', ')}${more}`;
}

/** What a switch is given that is neither on nor off: whoever reads it would take 1, `yes` and `Ja` for off. */
function noTruthIn({ type }: INodeProperties, value: unknown, isTool: boolean): string | undefined {
	if (type !== 'boolean' || typeof value === 'boolean') return undefined;
	const truth = typeof value === 'string' ? truthIn(value, { isOfModel: isTool }) : value;
	return typeof truth === 'boolean'
		? undefined
		: `${shown(value)}, which is neither true nor false`;
}

function shown(value: unknown): string {
	const text = (typeof value === 'object' ? JSON.stringify(value) : String(value)) ?? '';
	return `"${text.slice(0, SHOWN.text)}"`;
}

/** As texts: a model, or a text around the expression, gives a number or switch as text, and what reads it converts it. */
function choicesIn({ options = [], typeOptions }: INodeProperties): string[] {
	if (typeOptions?.loadOptionsMethod !== undefined) return [];
	return options.flatMap((option) => ('value' in option ? [String(option.value)] : []));
}

/**
 * In a line or a JSON that is put together from several pieces each expression has to give something: a path,
 * a filter or a body with a hole in it says something else. Longer texts may have holes, and a JSON of several
 * rows, of which the operation itself knows what is left empty.
 */
function missingInParts(
	{ type, typeOptions }: INodeProperties,
	expression: string,
	evaluate: Reading['evaluate'],
): string | undefined {
	const isStrict = (type === 'json' || type === 'string') && typeOptions === undefined;
	if (!isStrict || evaluate === undefined) return undefined;
	const hole = holeIn(expression, evaluate);
	return hole === undefined ? undefined : `nothing at {{${hole}}}`;
}
