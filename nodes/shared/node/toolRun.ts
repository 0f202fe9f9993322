import type { IExecuteFunctions } from 'n8n-workflow';
import { ConnectorError } from '../errors';
import { choiceNamed } from './choiceWords';
import type { ItemCall, Operation } from './operation';

/**
 * Whether a model decides what the node does: as a tool of an AI agent on the canvas n8n runs the node
 * under its type's name with `Tool` at the end, or in a context that says so; n8n's own agents run
 * it in the mode `internal`, without a workflow around it
 * (docs/facts/n8n.md, "Runs, tools and shutdown").
 */
export function runsAsTool(
	context: Pick<IExecuteFunctions, 'getNode' | 'getMode' | 'isToolExecution'>,
): boolean {
	const isTool =
		knownAsTool.get(context) ??
		(context.getNode().type.endsWith('Tool') ||
			context.getMode() === 'internal' ||
			(context.isToolExecution as (() => boolean) | undefined)?.call(context) === true);
	knownAsTool.set(context, isTool);
	return isTool;
}

/** Asked for with each item of a run, and n8n copies the node for each answer. */
const knownAsTool = new WeakMap<object, boolean>();

/**
 * Stops what a person alone decides when a model runs the node.
 *
 * @param code of the error
 * @throws ConnectorError with that code, named after the operation or the switch
 */
export function refuseAsTool(
	{ name, fields, refusedAsTool }: Omit<Operation<never>, 'execute'>,
	{ context, itemIndex }: ItemCall,
	code: string,
): void {
	if (refusedAsTool === undefined || !runsAsTool(context)) return;
	if (refusedAsTool === 'operation') throw notForAi(code, name);
	if ('unless' in refusedAsTool) {
		const { unless } = refusedAsTool;
		// What the node has stored: an expression would let the model decide.
		if (context.getNode().parameters[unless] === true) return;
		throw needsSwitch(code, name, fields.find((field) => field.name === unless)?.displayName);
	}
	const labelOf = (name: string) =>
		fields.find((field) => field.name === name)?.displayName ?? name;
	for (const wanted of refusedAsTool.switches) {
		if (isPlainlyOff(context.getNodeParameter(wanted, itemIndex, false))) continue;
		throw notForAi(code, labelOf(wanted));
	}
	for (const [wanted, value] of Object.entries(refusedAsTool.choices ?? {})) {
		const given = String(context.getNodeParameter(wanted, itemIndex, ''));
		const named = fields.filter(({ name: own }) => own === wanted);
		if ((choiceNamed(named, given) ?? given) !== value) continue;
		throw notForAi(code, `This choice of ${labelOf(wanted)}`);
	}
}

/** What a model writes as text may be read as on; what nobody knows is taken for on. */
function isPlainlyOff(value: unknown): boolean {
	return value === undefined || value === null || OFF.has(String(value).trim().toLowerCase());
}

const OFF: ReadonlySet<string> = new Set(['', '0', 'false', 'no']);

function needsSwitch(code: string, what: string, label = 'its switch'): ConnectorError {
	return new ConnectorError(
		code,
		`${what} is not available to an AI agent unless ${label} is on.`,
		{
			repair: `A person decides about this: switch on ${label} in the node, or do it in a workflow of its own.`,
		},
	);
}

function notForAi(code: string, what: string): ConnectorError {
	return new ConnectorError(code, `${what} is not available to an AI agent.`, {
		repair: `A person decides about this: use ${what} in a workflow of its own.`,
	});
}
