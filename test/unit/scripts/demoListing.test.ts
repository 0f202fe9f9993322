import { listing } from '../../../scripts/demoListing';

const URL = 'http://localhost:5678';

const example = (id: string, rest: object = {}) => ({
	...{ id, name: `Work ${id}`, file: `${id}.json`, byHand: true },
	...rest,
});

it('says which to open first, and what each of the others takes', () => {
	const examples = [
		example('a'),
		example('b'),
		example('c', { byHand: false }),
		example('d', { byHand: false, needs: 'a mailbox' }),
	];
	expect(listing(URL, examples)).toEqual([
		'Open this first, and press "Execute workflow":',
		'  Work a: http://localhost:5678/workflow/a',
		'',
		'Run in the same way:',
		'  Work b: http://localhost:5678/workflow/b',
		'',
		'Start by themselves once they are published, when something changes in the service:',
		'  Work c: http://localhost:5678/workflow/c',
		'',
		'Need something that the demo does not have:',
		'  Work d: http://localhost:5678/workflow/d',
		'    a mailbox',
	]);
});

it('leaves out what there is none of', () => {
	expect(listing(URL, [example('a')])).toEqual([
		'Open this first, and press "Execute workflow":',
		'  Work a: http://localhost:5678/workflow/a',
	]);
	expect(listing(URL, [])).toEqual([]);
});
