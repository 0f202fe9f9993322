import type { IDataObject } from 'n8n-workflow';

/** Choices that take no expression, so that a person makes them; and what a locator is made of. */
const TYPED = new Set(['conditionsAs', 'returnLinks', '__rl', 'mode']);

/** The texts of a model, which come by expressions, those inside of collections too. */
export function asModelGives(given: IDataObject): {
	/** Of the node. */
	parameters: IDataObject;
	/** Of the item, which holds the texts. */
	json: IDataObject;
} {
	const json: IDataObject = {};
	const read = (value: unknown, path: string): unknown => {
		if (Array.isArray(value)) return value.map((one, at) => read(one, `${path}_${at}`));
		if (typeof value === 'object' && value !== null) {
			const members = Object.entries(value).map(([name, one]) => [
				name,
				TYPED.has(name) ? one : read(one, `${path}_${name}`),
			]);
			return Object.fromEntries(members) as IDataObject;
		}
		json[path] = value as string;
		return `={{ $json.${path} }}`;
	};
	return { parameters: read(given, 'given') as IDataObject, json };
}
