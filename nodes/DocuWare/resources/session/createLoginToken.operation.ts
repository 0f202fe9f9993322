import type { IDataObject } from 'n8n-workflow';
import { sessionFields } from '../common/sessionFields';
import type { DocuWareOperation } from '../operation';
import { loginTokenFields, readLoginTokenOptions } from './loginTokenFields';
import { includeSecretField, readIncludeSecret, statusJson } from './sessionOutput';

/** Makes a login token with the session and keeps it in the vault (docs/facts/docuware.md 4). */
export const createLoginToken: DocuWareOperation = {
	name: 'Create Login Token',
	value: 'createLoginToken',
	action: 'Create login token',
	description:
		'Make a login token, with which the session can be opened again after a log-off. The ' +
		'vault keeps it as the newest one if it is for the Platform Service.',
	fields: [...sessionFields, ...loginTokenFields, includeSecretField],
	refusedAsTool: { switches: ['includeSecret'] },
	async execute(call) {
		const { context, session, signal } = call;
		const includeSecret = readIncludeSecret(call);
		const options = readLoginTokenOptions(call);
		const made = await session.createLoginToken({ ...options, signal });
		if (includeSecret) await session.noteSecretShown();
		for (const message of made.warnings) {
			context.addExecutionHints({ message, type: 'warning', location: 'outputPane' });
		}
		const json: IDataObject = {
			created: true,
			usage: made.usage,
			lifetimeSeconds: Math.round(made.lifetimeMs / 1000),
			expiresAt: made.expiresAt,
			targetProducts: options.targetProducts,
			warnings: made.warnings,
			...statusJson(await session.status({ signal })),
		};
		return [{ json: includeSecret ? { ...json, loginToken: made.token } : json }];
	},
};
