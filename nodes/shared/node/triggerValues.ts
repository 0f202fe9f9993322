import type { IHookFunctions, INodeProperties } from 'n8n-workflow';
import { ConnectorError, passOn } from '../errors';
import { asItemContext, type ItemlessContext } from './asItemContext';
import type { Gap } from './emptyExpressions';
import { carefulReading } from './givenValues';
import { isStartOfN8n } from './polls/occasion';
import { logProblem } from './problemLog';
import { SteadyParameters } from './steadyParameters';

/** The form of a trigger. */
export interface TriggerForm {
	fields: INodeProperties[];
	/** Names of fields in which the trigger itself deals with what expressions leave empty. */
	dealsWithGapsIn?: readonly string[];
	/** Code of a field that an expression leaves empty. */
	emptyValue: string;
}

/** A trigger's context by which its fields are read with care. */
export interface TriggerValues<Context> {
	/**
	 * As n8n's own, but that reading a field which an expression leaves empty throws a ConnectorError with the form's code,
	 * and that a choice may be given in words.
	 */
	context: Context;
	/**
	 * Looks at all fields that are shown.
	 * @param isKnown whether the expressions of a field can be evaluated yet; by default those of all
	 * @throws ConnectorError with the form's code, which names the field
	 */
	look(isKnown?: (name: string) => boolean): void;
}

/**
 * The fields of a trigger, in which what an expression leaves empty is no default either (`withGivenValues`): a trigger would
 * follow another division or start for everything, and nobody looks at it.
 */
export function triggerValues<Context extends ItemlessContext>(
	context: Context,
	form: TriggerForm,
): TriggerValues<Context> {
	const item = { context: asItemContext(context), itemIndex: 0 };
	const failure = (gap: Gap) => emptyValue(form.emptyValue, gap);
	const { read, look } = carefulReading(item, form, failure, new SteadyParameters(item.context));
	const getNodeParameter = (name: string, fallback?: unknown, options?: object) =>
		read(name, 0, fallback, options);
	return { context: Object.assign(Object.create(context) as Context, { getNodeParameter }), look };
}

/** Names by which an expression of a receiving node reads the delivery, which is not there at publishing. */
const OF_DELIVERY = /\$(?:json|input|data|item)\b/;

/**
 * Looks at the fields of a receiving node when its workflow is published or listens for a test. What an expression takes from
 * the delivery is looked at when there is one. At a start of n8n problems are only logged: the node would receive
 * nothing otherwise, and what is sent meanwhile would be lost.
 *
 * @throws ConnectorError with the form's code, which names the field
 */
export function lookAtPublishing(context: IHookFunctions, form: TriggerForm): void {
	const { parameters } = context.getNode();
	const isKnown = (name: string) => !OF_DELIVERY.test(JSON.stringify(parameters[name] ?? null));
	try {
		triggerValues(context, form).look(isKnown);
	} catch (error) {
		if (!isStartOfN8n(context.getActivationMode())) passOn(error);
		logProblem(context, error);
	}
}

function emptyValue(code: string, { labels, gives }: Gap): ConnectorError {
	return new ConnectorError(code, `The expression of ${labels.join(' > ')} gives ${gives}.`, {
		repair:
			'Correct the expression, or what it reads. Only a field that is left empty in the editor stands for its default.',
	});
}
