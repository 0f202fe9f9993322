import type { IExecuteFunctions } from 'n8n-workflow';

/** Name of the refusal in the custom data of the execution, where the list of executions shows it. */
const REFUSAL = 'docuWareRefusal';

/** n8n keeps no more of a value. */
const MOST_CHARACTERS = 512;

type Context = Pick<IExecuteFunctions, 'customData'>;

/**
 * Notes in the execution that it has refused: n8n hands over what the last node put out and nothing else, and where a
 * workflow branches by item, that may be an *Accept* for another item.
 */
export function noteRefusal(context: Context, reason: string): void {
	const before = refusalSoFar(context);
	const reasons = new Set([...(before?.split('\n') ?? []), reason]);
	customData(context)?.set(REFUSAL, [...reasons].join('\n').slice(0, MOST_CHARACTERS));
}

/** Reasons why this execution has refused already; undefined where it has not. */
export function refusalSoFar(context: Context): string | undefined {
	return customData(context)?.get(REFUSAL) || undefined;
}

/** Not there in an n8n that is older than it. */
function customData(context: Partial<Context>): Context['customData'] | undefined {
	return context.customData;
}
