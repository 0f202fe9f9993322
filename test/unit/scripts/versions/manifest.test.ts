interface Manifest {
	name: string;
	dependencies: Record<string, string>;
	overrides: Record<string, unknown>;
}

const { manifestOf } = jest.requireActual<{
	manifestOf(pinned: Manifest, version: string): Manifest;
}>('../../../../scripts/versions/manifest');

const pinned: Manifest = {
	name: 'host',
	dependencies: { n8n: '2.40.7' },
	overrides: { xlsx: '0.18.5' },
};

it('is the pinned one with another version', () => {
	expect(manifestOf(pinned, '2.41.1')).toEqual({ ...pinned, dependencies: { n8n: '2.41.1' } });
});

it('of an old version names the libraries of its time', () => {
	const { dependencies, overrides } = manifestOf(pinned, '2.20.12');
	expect(dependencies).toEqual({ n8n: '2.20.12', '@opentelemetry/core': '2.6.0' });
	expect(overrides).toMatchObject({ xlsx: '0.18.5', '@langchain/langgraph-checkpoint': '1.0.4' });
	expect(manifestOf(pinned, '2.2.0').dependencies).toEqual({ n8n: '2.2.0' });
});
