import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { ConnectorError } from '../errors';
import { isRecord } from '../http';
import { withChoiceValues, type OtherWords } from './choiceWords';
import { findGaps, type Gap } from './emptyExpressions';
import type { Evaluate } from './expressionHoles';
import { fieldsWithoutGaps, type ItemCall, type Operation } from './operation';
import { SteadyParameters, type ReadParameter } from './steadyParameters';
import { runsAsTool } from './toolRun';

/** Stands for "n8n gives nothing", where a fallback would hide it. */
const NOTHING = Object.freeze({});

/**
 * n8n would look through all fields of the node for the one that is shown, to check types that no field asks for
 * (`validateType`; a resource mapper is only checked where its `value` is read by itself).
 */
const UNCHECKED = { skipValidation: true };

/** What no model may leave out, though the node can do without it: limits, divisions, what a body holds, the end of a link. */
const NEVER_LEFT_OUT = new Set(['limit', 'divisions', 'references', 'validMinutes']);

/** Choices at the top of an operation that have a default. */
const CHOICES = new Set<INodeProperties['type']>(['boolean', 'options', 'multiOptions']);

/**
 * An item whose parameters are read with care: an expression that leaves a field of the operation
 * empty is an error, and never the default, another record or all records; so is a value that names none of the
 * field's choices, by value or by words, and one for a switch that is neither true nor false. Only what was typed empty
 * means the default; which of the two it is the node's own parameters tell. Where the node runs as a tool, an optional
 * filter or option that the model was to fill (`$fromAI`) counts as left out.
 *
 * All fields that are shown are looked at here, before anything is sent; whatever else the operation reads
 * later is looked at then.
 *
 * @param operation its fields, and whether it reads alone: of what a model must not decide, nothing but an option is left out
 * @param code of the error
 * @param steady of the run, so that what is equal for all items is read once
 * @throws ConnectorError with that code, which names field and item
 */
export function withGivenValues(
	item: ItemCall,
	operation: Pick<Operation<never>, 'fields' | 'dealsWithGapsIn' | 'otherWords' | 'refusedAsTool'>,
	code: string,
	steady = new SteadyParameters(item.context),
): ItemCall {
	const failure: GapFailure = (gap, itemIndex) => emptyValue(code, gap, itemIndex);
	const { read, look } = carefulReading(item, operation, failure, steady);
	look();
	return { ...item, context: withReader(item.context, read, steady) };
}

/** What a field is refused with that an expression has left empty. */
export type GapFailure = (gap: Gap, itemIndex: number) => ConnectorError;

/** Parameters that are read with care. */
export interface CarefulReading {
	/** n8n's `getNodeParameter`, but that a field which an expression leaves empty is an error. */
	read: ReadParameter;
	/**
	 * Looks at all fields that hold an expression and are shown.
	 * @param isKnown whether the expressions of a field can be evaluated yet; by default those of all
	 * @throws what the first of them is refused with
	 */
	look(isKnown?: (name: string) => boolean): void;
}

/** The parameters of an item, of which nothing has been looked at yet; see `withGivenValues`. */
export function carefulReading(
	{ context, itemIndex }: Pick<ItemCall, 'context' | 'itemIndex'>,
	operation: Parameters<typeof withGivenValues>[1],
	failure: GapFailure,
	steady: SteadyParameters,
): CarefulReading {
	const typed: Record<string, unknown> = steady.getNode().parameters;
	const inQuestion = fieldsWithoutGaps(operation).filter(({ name }) => steady.hasExpression(name));
	const { otherWords, refusedAsTool } = operation;
	const source = { context, steady, mayChange: refusedAsTool !== undefined, otherWords };
	const read =
		inQuestion.length === 0 ? steady.read : carefulReader(source, inQuestion, typed, failure);
	const look: CarefulReading['look'] = (isKnown = () => true) => {
		for (const field of inQuestion) {
			const names = [field.name, ...Object.keys(field.displayOptions?.show ?? {})];
			if (!names.every(isKnown)) continue;
			if (isShown(field, typed, (name) => read(name, itemIndex))) read(field.name, itemIndex);
		}
	};
	return { read, look };
}

/** What n8n made of a field, which takes it a millisecond or two for each expression, so it is asked once. */
interface Evaluated {
	value: unknown;
	gaps: readonly Gap[];
}

/** Where the parameters of an item come from. */
interface Source {
	context: IExecuteFunctions;
	steady: SteadyParameters;
	/** Whether the operation does more than read. */
	mayChange: boolean;
	otherWords: OtherWords | undefined;
}

/** `getNodeParameter` that looks at what it gives. */
function carefulReader(
	{ context, steady, mayChange, otherWords }: Source,
	fields: readonly INodeProperties[],
	typed: Record<string, unknown>,
	failure: GapFailure,
): ReadParameter {
	const plain = context.getNodeParameter.bind(context) as ReadParameter;
	const evaluated = new Map<string, Evaluated>();
	const evaluate = (field: INodeProperties, itemIndex: number, options?: object): Evaluated => {
		const key = JSON.stringify([field.name, itemIndex, options]);
		const known = evaluated.get(key);
		if (known !== undefined) return known;
		const given = plain(field.name, itemIndex, NOTHING, { ...options, ...UNCHECKED });
		const named = fields.filter(({ name }) => name === field.name);
		const value = given === NOTHING ? undefined : withChoiceValues(named, given, otherWords);
		const gaps = findGaps(field, typed[field.name], value, {
			evaluate: evaluatorOf(context, itemIndex),
			siblings: fields,
			isTool: runsAsTool(context),
		});
		evaluated.set(key, { value, gaps });
		return { value, gaps };
	};
	const read: ReadParameter = (name, itemIndex, fallback, options) => {
		const field = fields.find((one) => one.name === name);
		if (!field) return steady.read(name, itemIndex, fallback, options);
		const { value, gaps } = evaluate(field, itemIndex, options);
		const leftOut = gaps.filter((gap) => mayBeLeftOut({ context, mayChange }, field, gap));
		const [gap] = gaps.filter((one) => !leftOut.includes(one));
		if (gap) throw failure(gap, itemIndex);
		if (leftOut.some(({ path }) => path.length === 0)) return fallback ?? field.default;
		return entriesOf(leftOut).reduceRight<unknown>(without, value);
	};
	return read;
}

/** The context with another `getNodeParameter`, and the node that was asked for once; everything else is n8n's own. */
function withReader(
	context: IExecuteFunctions,
	read: ReadParameter,
	{ getNode }: SteadyParameters,
): IExecuteFunctions {
	return new Proxy(context, {
		get(target, name) {
			if (name === 'getNodeParameter') return read;
			if (name === 'getNode') return getNode;
			const member: unknown = Reflect.get(target, name, target);
			return typeof member === 'function' ? (member.bind(target) as unknown) : member;
		},
	});
}

/** Evaluates expressions for an item; undefined where n8n cannot be asked. */
export function evaluatorOf(context: IExecuteFunctions, itemIndex: number): Evaluate | undefined {
	const evaluate = context.evaluateExpression as
		IExecuteFunctions['evaluateExpression'] | undefined;
	return evaluate && ((text) => evaluate.call(context, text, itemIndex));
}

/** Whether n8n shows a field: by its plain conditions on other fields, with their values for the item. */
function isShown(
	{ name, displayOptions }: INodeProperties,
	typed: Record<string, unknown>,
	read: (name: string) => unknown,
): boolean {
	if (!(name in typed)) return false;
	return Object.entries(displayOptions?.show ?? {}).every(([other, wanted]) => {
		// Conditions of another kind are for n8n to judge, which has: a hidden field has no parameter.
		if (!(other in typed) || wanted === undefined || wanted.some(isRecord)) return true;
		return (wanted as unknown[]).includes(read(other));
	});
}

function mayBeLeftOut(
	{ context, mayChange }: Pick<Source, 'context' | 'mayChange'>,
	field: INodeProperties,
	gap: Gap,
): boolean {
	if (gap.isNoChoice === true) return false;
	// Without one of its conditions a change would be made to more than was meant.
	if (mayChange && (field.name !== 'options' || gap.path.length === 0)) return false;
	const isOptional =
		gap.path.length > 0
			? ![field.name, String(gap.path.at(-1))].some((name) => NEVER_LEFT_OUT.has(name))
			: CHOICES.has(field.type) && field.required !== true;
	return isOptional && /\$fromAI\s*\(/i.test(gap.expression) && runsAsTool(context);
}

/** An entry of a list of pairs or conditions is left out as a whole. */
function entryOf(path: Gap['path']): Gap['path'] {
	const index = path.findLastIndex((key) => typeof key === 'number');
	return index < 0 ? path : path.slice(0, index + 1);
}

/** What is left out for these gaps, each entry once however many of its values are empty, in their order. */
function entriesOf(gaps: readonly Gap[]): Array<Gap['path']> {
	const entries = gaps.map(({ path }) => entryOf(path));
	return entries.filter(
		(entry, index) =>
			!entries.some(
				(other, at) =>
					at !== index &&
					(other.length < entry.length || (other.length === entry.length && at < index)) &&
					other.every((key, depth) => key === entry[depth]),
			),
	);
}

/** A copy of a value without what is at the path; unchanged where nothing is there. */
function without(value: unknown, [key, ...rest]: Gap['path']): unknown {
	if (key === undefined) return value;
	if (Array.isArray(value)) {
		const list: unknown[] = value;
		return rest.length === 0
			? list.filter((_, index) => index !== key)
			: list.map((one, index) => (index === key ? without(one, rest) : one));
	}
	if (!isRecord(value) || !(key in value)) return value;
	const { [key]: member, ...others } = value;
	return rest.length === 0 ? others : { ...others, [key]: without(member, rest) };
}

function emptyValue(code: string, { labels, gives }: Gap, itemIndex: number): ConnectorError {
	return new ConnectorError(
		code,
		`The expression of ${labels.join(' > ')} gives ${gives} for item ${itemIndex} (the first ` +
			'item is 0). Nothing was sent.',
		{
			repair:
				'Correct the expression or the data of that item, or filter such items out before this ' +
				'node. Only a field that is left empty in the editor stands for its default.',
		},
	);
}
