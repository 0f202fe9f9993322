import type { DemoExample } from './demoExamples';

/** An example that is in n8n. */
export interface ListedExample extends DemoExample {
	id: string;
	name: string;
}

/**
 * What `npm start` says of the workflows: which to open first, and what each of the others takes.
 *
 * @param url of n8n, without slash at its end
 * @param examples in the order of the demo
 */
export function listing(url: string, examples: readonly ListedExample[]): string[] {
	const [first, ...others] = examples;
	if (first === undefined) return [];
	const line = ({ id, name }: ListedExample) => `  ${name}: ${url}/workflow/${id}`;
	const ready = others.filter(({ needs }) => needs === undefined);
	return [
		'Open this first, and press "Execute workflow":',
		line(first),
		...under('Run in the same way:', ready.filter(({ byHand }) => byHand).map(line)),
		...under(
			'Start by themselves once they are published, when something changes in the service:',
			ready.filter(({ byHand }) => !byHand).map(line),
		),
		...under(
			'Need something that the demo does not have:',
			others.flatMap((one) => (one.needs === undefined ? [] : [line(one), `    ${one.needs}`])),
		),
	];
}

function under(heading: string, lines: string[]): string[] {
	return lines.length === 0 ? [] : ['', heading, ...lines];
}
