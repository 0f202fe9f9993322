import { DocuWare } from '../../../../nodes/DocuWare/DocuWare.node';
import { credentialTypeFor } from '../../../../nodes/DocuWare/auth/account/credentialTypes';
import { readSessionReference } from '../../../../nodes/DocuWare/resources/common/sessionFields';
import { executeContext } from '../../../support/n8nContext';

const { description } = new DocuWare();

describe('readSessionReference', () => {
	it('is the session of the credential by default', () => {
		expect(readSessionReference(executeContext({ description }).context, 0)).toBeUndefined();
	});

	it('takes the reference of the item by default when an earlier node is chosen', () => {
		const { context } = executeContext({
			description,
			parameters: { sessionSource: 'reference' },
			items: [{ json: { sessionReference: ' dws2.a.b ' } }, { json: {} }],
		});
		expect(readSessionReference(context, 0)).toBe('dws2.a.b');
		expect(() => readSessionReference(context, 1)).toThrow(
			expect.objectContaining({ code: 'DOCUWARE_INVALID_PARAMETER' }),
		);
	});
});

describe('credentialTypeFor', () => {
	it('knows the credential of each way', () => {
		expect(['userPassword', 'loginToken', 'oAuth2', 'other'].map(credentialTypeFor)).toEqual([
			'docuWareApi',
			'docuWareTokenApi',
			'docuWareOAuth2Api',
			undefined,
		]);
	});
});
