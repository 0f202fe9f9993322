import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import { ConnectorError } from '../../../../nodes/shared/errors';
import { toErrorJson, toNodeError, withListErrors } from '../../../../nodes/shared/node/nodeErrors';
import { nodeOf } from '../../../support/n8nContext';

const node = nodeOf();

it('shows cause and code, repair and the item', () => {
	const error = toNodeError(
		node,
		new ConnectorError('EXACT_NOT_FOUND', 'Not there.', { repair: 'Look again.' }),
		3,
	);
	expect(error).toBeInstanceOf(NodeOperationError);
	expect(error.message).toBe('Not there. [EXACT_NOT_FOUND]');
	expect(error.description).toBe('Look again.');
	expect(error.context.itemIndex).toBe(3);
});

it('is an API error with the status where the service answered, with its words', () => {
	const error = toNodeError(
		node,
		new ConnectorError('EXACT_UNAUTHORIZED', 'Refused.', {
			repair: 'Connect again.',
			httpStatus: 401,
			serviceMessage: 'Authentication Required',
		}),
	);
	expect(error).toBeInstanceOf(NodeApiError);
	expect((error as NodeApiError).httpCode).toBe('401');
	expect(error.message).toBe('Refused. [EXACT_UNAUTHORIZED]');
	expect(error.description).toBe('Connect again. The service said: Authentication Required');
});

it('does not say the same thing twice', () => {
	const error = toNodeError(
		node,
		new ConnectorError('EXACT_VALIDATION', 'Refused: Mandatory: Name', {
			repair: 'Correct it.',
			serviceMessage: 'Mandatory: Name',
		}),
	);
	expect(error.description).toBe('Correct it.');
});

it.each(['ECONNREFUSED', 'ETIMEDOUT', 'ENOTFOUND'])(
	'keeps its own text where n8n knows another one for %s',
	(name) => {
		const message = `No connection to https://service.test (${name}).`;
		for (const httpStatus of [undefined, 502]) {
			const cause = new ConnectorError('HTTP_CONNECT_FAILED', message, { repair: 'x', httpStatus });
			const error = toNodeError(node, cause);
			expect(error.message).toBe(`${message} [HTTP_CONNECT_FAILED]`);
		}
	},
);

it('says the repair in the message where n8n shows nothing else, in drop-downs', async () => {
	const refused = new ConnectorError('EXACT_NOT_CONNECTED', 'Not connected yet.', {
		repair: 'Press Connect.',
	});
	await expect(
		withListErrors(node, async () => await Promise.reject(refused)),
	).rejects.toMatchObject({
		message: 'Not connected yet. Press Connect. [EXACT_NOT_CONNECTED]',
		description: undefined,
	});
	const own = new NodeOperationError(node, 'own');
	await expect(withListErrors(node, async () => await Promise.reject(own))).rejects.toBe(own);
});

it('passes errors of n8n on, with the item', () => {
	const own = new NodeOperationError(node, 'own');
	expect(toNodeError(node, own, 2)).toBe(own);
	expect(own.context.itemIndex).toBe(2);
});

it('wraps anything else without secrets', () => {
	const error = toNodeError(node, new Error('failed with Bearer canary-token'), 1);
	expect(error).toBeInstanceOf(NodeOperationError);
	expect(error.message).toBe('failed with Bearer [redacted]');
});

it('gives an error item that the error output of n8n recognises', () => {
	const cause = new ConnectorError('EXACT_NOT_FOUND', 'Not there.', { repair: 'Look again.' });
	expect(toErrorJson(toNodeError(node, cause))).toEqual({
		error: {
			message: 'Not there. [EXACT_NOT_FOUND]',
			description: 'Look again.',
			code: 'EXACT_NOT_FOUND',
		},
	});
	const other = toErrorJson(new NodeOperationError(node, 'own'));
	expect(other).toEqual({ error: { message: 'own', description: null, code: null } });
});
