import type { IExecuteFunctions, INode } from 'n8n-workflow';
import { hasExpression } from './emptyExpressions';

/** `getNodeParameter` of n8n's context, of any parameter. */
export type ReadParameter = (
	name: string,
	itemIndex: number,
	fallback?: unknown,
	options?: object,
) => unknown;

/** Stands for "the node has no such parameter". */
const NONE = Object.freeze({});

/**
 * Parameters without an expression come to the same for every item of a run. n8n looks through all fields of the node for each
 * reading, so they are read once. Those that the node does not hold under the name itself are compared each time.
 */
export class SteadyParameters {
	private readonly known = new Map<string, { raw: unknown; value: unknown }>();

	private readonly expressions = new Map<string, boolean>();

	private readonly plain: ReadParameter;

	private ownNode: INode | undefined;

	constructor(private readonly context: Pick<IExecuteFunctions, 'getNodeParameter' | 'getNode'>) {
		this.plain = context.getNodeParameter.bind(context) as ReadParameter;
	}

	/** The node, of which n8n makes a copy for each question. */
	readonly getNode = (): INode => (this.ownNode ??= this.context.getNode());

	/** Whether the node's own parameter of this name holds an expression, at any depth. */
	hasExpression(name: string): boolean {
		const known = this.expressions.get(name) ?? hasExpression(this.getNode().parameters[name]);
		this.expressions.set(name, known);
		return known;
	}

	/** As n8n's `getNodeParameter`; every caller gets objects of its own. */
	readonly read: ReadParameter = (name, itemIndex, fallback, options) => {
		const key = options === undefined ? name : JSON.stringify([name, options]);
		const known = this.known.get(key);
		const isOwn = this.getNode().parameters[name] !== undefined;
		if (isOwn && known !== undefined) return copyOf(known.value);
		const raw = this.plain(name, itemIndex, NONE, { ...options, rawExpressions: true });
		if (known !== undefined && known.raw === raw) return copyOf(known.value);
		// What n8n would make of a fallback is the fallback.
		if (raw === NONE && fallback !== undefined && options === undefined) return fallback;
		const value = this.plain(name, itemIndex, fallback, options);
		if (raw !== NONE && !hasExpression(raw)) this.known.set(key, { raw, value: copyOf(value) });
		return value;
	};
}

/** Plain data is copied here, which is many times faster than what copies everything. */
function copyOf(value: unknown): unknown {
	if (typeof value !== 'object' || value === null) return value;
	if (Array.isArray(value)) return value.map(copyOf);
	if (Object.getPrototypeOf(value) !== Object.prototype) return structuredClone(value);
	const copy: Record<string, unknown> = {};
	for (const [name, member] of Object.entries(value)) copy[name] = copyOf(member);
	return copy;
}
