import { NodeHelpers, type INode, type Workflow } from 'n8n-workflow';
import { outputsOf } from '../../../../../nodes/shared/node/polls/connectionOutput';

/** The outputs of a node as n8n reads them from a description, whose expression it evaluates. */
function outputsFor(connectionOutput: boolean | undefined): unknown {
	const parameters = { ...(connectionOutput !== undefined && { connectionOutput }) };
	const node = { name: 'Trigger', parameters } as unknown as INode;
	const workflow = {
		expression: {
			getSimpleParameterValue: (_node: INode, text: string) => {
				const [, code = ''] = /^=\{\{(.*)\}\}$/.exec(text) ?? [];
				return (Function('$parameter', `return (${code});`) as (given: unknown) => unknown)(
					parameters,
				);
			},
		},
	} as unknown as Workflow;
	return NodeHelpers.getNodeOutputs(workflow, node, { outputs: outputsOf('Records') } as never);
}

it('are two where the connection is told apart, and else one', () => {
	expect(outputsFor(undefined)).toEqual(['main']);
	expect(outputsFor(false)).toEqual(['main']);
	expect(outputsFor(true)).toEqual([
		{ type: 'main', displayName: 'Records' },
		{ type: 'main', displayName: 'Connection' },
	]);
});

it('hold no end of an expression', () => {
	expect(String(outputsOf('Records')).match(/\}\}/g)).toHaveLength(1);
});
