interface Candidates {
	name: string;
	versions: string[];
}

const { candidates } = jest.requireActual<{
	candidates(published: readonly string[], wanted?: readonly string[]): Candidates[];
}>('../../../../scripts/versions/candidates');

const published = [
	...['1.123.0', '2.19.9', '2.20.0', '2.20.12', '2.9.1', '2.40.10', '2.40.9', '2.41.0-exp.1'],
	...['2.41.0', '2.22.0', '2.40.7', '2.22.6', '2.40.8'],
];

it('are the newest downwards, and upwards from the first that calls the hook; no trial versions', () => {
	expect(candidates(published)).toEqual([
		{ name: 'newest', versions: ['2.41.0', '2.40.10', '2.40.9', '2.40.8', '2.40.7'] },
		{
			name: 'oldest with the hook',
			versions: ['2.20.0', '2.20.12', '2.22.0', '2.22.6', '2.40.7'],
		},
	]);
});

it('are those that somebody asks for, and no others', () => {
	expect(candidates(published, ['2.22.6', '2.9.1'])).toEqual([
		{ name: '2.22.6', versions: ['2.22.6'] },
		{ name: '2.9.1', versions: ['2.9.1'] },
	]);
});
