import type { INodePropertyOptions, INodeTypeDescription } from 'n8n-workflow';
import { DocuWareTrigger } from '../../../../nodes/DocuWare/DocuWareTrigger.node';
import { ExactOnlineTrigger } from '../../../../nodes/ExactOnline/ExactOnlineTrigger.node';

/** What n8n shows under the node with these parameters. */
function shown({ subtitle = '' }: INodeTypeDescription, $parameter: object): unknown {
	return Function('$parameter', `return (${subtitle.slice(3, -2)});`)($parameter);
}

function choicesOf({ properties }: INodeTypeDescription, name: string): INodePropertyOptions[] {
	return (properties.find((one) => one.name === name)?.options ?? []) as INodePropertyOptions[];
}

it.each([
	[new ExactOnlineTrigger().description, 'entity'],
	[new DocuWareTrigger().description, 'events'],
])(
	'$displayName: the line under the node says the choice as the form does',
	(description, field) => {
		const choices = choicesOf(description, field);
		expect(choices.length).toBeGreaterThan(1);
		for (const { name, value } of choices) {
			expect(shown(description, { [field]: value })).toBe(name);
		}
	},
);

it('several choices stand beside each other', () => {
	const { description } = new DocuWareTrigger();
	expect(shown(description, { events: ['stored', 'changed'] })).toBe(
		'Document Stored, Document Changed',
	);
});
