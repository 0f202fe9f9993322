import type { INodeProperties } from 'n8n-workflow';
import { DocuWare } from '../../../../nodes/DocuWare/DocuWare.node';
import { choiceNamed } from '../../../../nodes/shared/node/choiceWords';

/** All fields with choices of their own, at any depth. */
function choiceFields(fields: readonly INodeProperties[]): INodeProperties[] {
	return fields.flatMap((field) => {
		if (field.type === 'options' || field.type === 'multiOptions') return [field];
		return (field.options ?? []).flatMap((option) => {
			if ('values' in option) return choiceFields(option.values);
			return 'type' in option ? choiceFields([option]) : [];
		});
	});
}

const fields = choiceFields(new DocuWare().description.properties).filter(
	({ typeOptions, options = [] }) =>
		typeOptions?.loadOptionsMethod === undefined && options.length > 0,
);

it('each choice of each field is known by its value and by its name, in capitals too', () => {
	expect(fields.length).toBeGreaterThan(40);
	for (const field of fields) {
		for (const option of field.options ?? []) {
			if (!('value' in option)) continue;
			const { name, value } = option;
			for (const text of [String(value), String(value).toUpperCase(), name, name.toUpperCase()]) {
				expect([field.name, text, choiceNamed([field], text)]).toEqual([field.name, text, value]);
			}
		}
	}
});
