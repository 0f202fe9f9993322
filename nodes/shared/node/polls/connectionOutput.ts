import type { IDataObject, INodeProperties, INodeTypeDescription } from 'n8n-workflow';
import type { ConnectorError } from '../../errors';
import { errorFacts } from '../nodeErrors';
import { changeToTell, readConnectionNote, type ConnectionState } from './connectionChange';
import type { PollBatch } from './pollBatch';

/** Name of the parameter that switches the output on. */
const PARAMETER = 'connectionOutput';

/** Number of the output. */
const OUTPUT = 1;

/** The field of a polling trigger that switches its second output on. */
export const connectionField: INodeProperties = {
	displayName: 'Connection Output',
	name: PARAMETER,
	type: 'boolean',
	noDataExpression: true,
	default: false,
	description:
		'Whether the node has a second output that gives an item when the connection ends soon, is broken or is well again, each of the three at most once a day. With it a poll that fails only because the connection is broken is no error once that item was given.',
};

/** The outputs of a polling trigger: its records, and the connection where that is switched on. */
export function outputsOf(records: string): INodeTypeDescription['outputs'] {
	const both = JSON.stringify([
		{ type: 'main', displayName: records },
		{ type: 'main', displayName: 'Connection' },
	]);
	return `={{ $parameter["${PARAMETER}"] === true ? ${both} : ["main"] }}`;
}

/** How a connection stands, and what an item tells of it. */
export interface ConnectionFacts {
	state: ConnectionState;
	/** Such as which connection, until when it lasts, and what to do; no secret. */
	json: IDataObject;
}

/** A context that knows the node's parameters. */
export interface ParameterContext {
	getNodeParameter(name: string, fallback: unknown): unknown;
}

/** Whether the second output is on. */
export function hasConnectionOutput(context: ParameterContext): boolean {
	return context.getNodeParameter(PARAMETER, false) === true;
}

/** What an item tells of a connection that has just failed. */
export function brokenBy(error: ConnectorError): ConnectionFacts {
	return { state: 'broken', json: errorFacts(error) };
}

/**
 * Hands over an item where the state has changed.
 * @returns whether this state is the last one that was told; false where it is held back, since it was told within a day
 */
export async function tellConnection(
	batch: PollBatch,
	{ state, json }: ConnectionFacts,
): Promise<boolean> {
	const place = await batch.open({ read: ['connection'], start: '', first: () => null });
	const note = readConnectionNote(place.cursor);
	const next = changeToTell(note, state, Date.now());
	if (next === undefined) return note.state === state;
	const mark = `${state} after ${note.told[state] ?? 0}`;
	place.take([{ output: OUTPUT, mark, json: { connection: state, ...json } }], next, true);
	return true;
}
