import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEMO_EXAMPLES } from '../../../scripts/demoExamples';
import { projectRoot, type WorkflowFile } from '../../support/n8n';

const folder = join(projectRoot, 'examples');

/** Credentials that the demo makes. */
const OF_THE_DEMO = ['exactOnlineOAuth2Api', 'docuWareApi'];

const workflowOf = (file: string) =>
	JSON.parse(readFileSync(join(folder, file), 'utf8')) as WorkflowFile;

/** Whether a node asks for a credential that the demo does not make: named in the example, or of n8n's own nodes. */
function asksForMore({ type, parameters = {}, credentials = {} }: WorkflowFile['nodes'][number]) {
	const hasOwnLogIn =
		type === 'n8n-nodes-base.emailReadImap' || parameters['authentication'] === 'headerAuth';
	return hasOwnLogIn || Object.keys(credentials).some((name) => !OF_THE_DEMO.includes(name));
}

it('the demo offers every example, once', () => {
	const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
	expect(DEMO_EXAMPLES.map(({ file }) => file).sort()).toEqual(files.sort());
});

it('the first one is work that people know, and runs as it is', () => {
	expect(DEMO_EXAMPLES[0]).toEqual({
		file: 'exact-online-spreadsheet-to-invoices.json',
		byHand: true,
	});
});

it.each(DEMO_EXAMPLES.map((one) => [one.file, one] as const))(
	'%s: how it starts and what it needs is said as it is',
	(file, { byHand, needs }) => {
		const { nodes } = workflowOf(file);
		expect(needs !== undefined).toBe(nodes.some(asksForMore));
		const hasButton = nodes.some(({ type }) => type === 'n8n-nodes-base.manualTrigger');
		if (needs === undefined) expect(byHand).toBe(hasButton);
	},
);

it('README names the workflow to open first, and those that need something', () => {
	const readme = readFileSync(join(projectRoot, 'README.md'), 'utf8');
	const [first] = DEMO_EXAMPLES;
	expect(readme).toContain(`_${workflowOf(first?.file ?? '').name}_`);
	const told = DEMO_EXAMPLES.filter(({ needs }) => needs !== undefined);
	expect(told.filter(({ file }) => !readme.includes(`_${workflowOf(file).name}_`))).toEqual([]);
});
