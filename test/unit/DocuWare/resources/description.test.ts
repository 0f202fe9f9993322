import { DocuWare } from '../../../../nodes/DocuWare/DocuWare.node';
import { resources } from '../../../../nodes/DocuWare/resources';
import { fieldsShown } from '../../shared/node/support/fieldsShown';

const { description, methods } = new DocuWare();

function optionsOf(name: string, resource?: string): string[] {
	const property = description.properties.find(
		(one) =>
			one.name === name &&
			(resource === undefined || one.displayOptions?.show?.resource?.includes(resource)),
	);
	return (property?.options ?? []).map((option) => String('value' in option ? option.value : ''));
}

describe('the description of the DocuWare node', () => {
	it('says under its name what it does, in words', () => {
		const say = (resource: string, operation: string): unknown =>
			Function(
				'$parameter',
				`return (${(description.subtitle ?? '').slice(3, -2)});`,
			)({ resource, operation });
		for (const { name, value, operations } of resources) {
			for (const one of operations) expect(say(value, one.value)).toBe(`${name}: ${one.name}`);
		}
	});

	it('ends the resources with Custom API Call, so that n8n adds no entry of that name', () => {
		expect(resources.at(-1)?.name).toBe('Custom API Call');
		expect(resources.at(-1)?.operations.at(-1)?.name).toBe('Custom API Call');
	});

	it('offers every resource with every operation, and a default that exists', () => {
		expect(optionsOf('resource')).toEqual(resources.map(({ value }) => value));
		for (const { value, operations, defaultOperation } of resources) {
			expect(optionsOf('operation', value)).toEqual(operations.map((one) => one.value));
			expect(optionsOf('operation', value)).toContain(defaultOperation);
		}
	});

	it('has no two fields of one name in an operation, and lets each choose its session but answers', () => {
		for (const { value, operations } of resources)
			for (const operation of operations) {
				const names = operation.fields.map(({ name }) => name);
				const places = operation.fields.map(({ name, displayOptions }) =>
					JSON.stringify([name, displayOptions?.show?.['@tool']]),
				);
				expect(new Set(places).size).toBe(places.length);
				const ofSession = value === 'validation' ? [] : ['sessionSource', 'sessionReference'];
				expect(names).toEqual(expect.arrayContaining(ofSession));
			}
	});

	it('shows each operation its own fields and no others, in its order', () => {
		for (const { value, operations } of resources) {
			for (const operation of operations) {
				expect(fieldsShown(description.properties, value, operation.value)).toEqual(
					operation.fields,
				);
			}
		}
	});

	it('asks for the credential that Authentication chooses, each with a test that exists', () => {
		expect(optionsOf('authentication').sort()).toEqual(['loginToken', 'oAuth2', 'userPassword']);
		const shown = description.credentials?.map(({ name, displayOptions }) => [
			displayOptions?.show?.authentication,
			name,
		]);
		expect(shown).toEqual([
			[['userPassword'], 'docuWareApi'],
			[['loginToken'], 'docuWareTokenApi'],
			[['oAuth2'], 'docuWareOAuth2Api'],
		]);
		for (const { testedBy } of description.credentials ?? []) {
			if (testedBy !== undefined) expect(methods.credentialTest).toHaveProperty(String(testedBy));
		}
	});

	it('warns of secrets in the output wherever they can be switched on', () => {
		const switches = resources.flatMap(({ value, operations }) =>
			operations.flatMap((operation) =>
				fieldsShown(description.properties, value, operation.value).filter(
					({ name }) => name === 'includeSecret',
				),
			),
		);
		expect(switches).toHaveLength(4);
		for (const property of switches) {
			expect(property.default).toBe(false);
			expect(property.description).toContain('Warning');
		}
	});
});
