import type { INodeProperties } from 'n8n-workflow';

import { advanced } from './advanced';

/** How a session begins: by cookies or by the Identity Service. */
export const wayInField: INodeProperties = {
	displayName: 'Log-In Way',
	name: 'wayIn',
	type: 'options',
	options: [
		{
			name: 'Automatic',
			value: 'automatic',
			description: 'Ask the server what it offers, and remember',
		},
		{
			name: 'Cookie Session',
			value: 'cookie',
			description: 'DocuWare up to 7.10',
		},
		{
			name: 'Identity Service',
			value: 'identityService',
			description: 'DocuWare from 7.8',
		},
	],
	default: 'automatic',
	description: 'How to log on',
};

/**
 * *Session Policy* and *Idle Time (Seconds)*.
 * @param show when a policy can be chosen at all
 */
export function sessionPolicyFields(show?: Record<string, string[]>): INodeProperties[] {
	return [
		advanced({
			displayName: 'Session Policy',
			name: 'sessionPolicy',
			type: 'options',
			options: [
				{
					name: 'Keep',
					value: 'keep',
					description: 'One session for all runs, never logged off: one licence',
				},
				{
					name: 'Log Off When Idle',
					value: 'logOffWhenIdle',
					description:
						'Log off once nobody uses the session; the next run begins with a login token made before',
				},
			],
			default: 'keep',
			description: 'What happens to the session between runs',
			...(show && { displayOptions: { show } }),
		}),
		{
			displayName: 'Idle Time (Seconds)',
			name: 'idleSeconds',
			type: 'number',
			typeOptions: { minValue: 0 },
			default: 30,
			description: 'How long nobody must have used the session before it is logged off',
			displayOptions: { show: { ...show, sessionPolicy: ['logOffWhenIdle'] } },
		},
	];
}

/** How long a log-on waits for a free licence. */
export const licenceWaitField: INodeProperties = {
	displayName: 'Wait for a Licence (Seconds)',
	name: 'licenceWaitSeconds',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 130,
	description:
		'How long to wait where no licence is free. DocuWare blocks a licence for two minutes ' +
		'after a log-off. 0 fails at once.',
};

/** Expirable and empty at first, so that n8n calls the hook; holds the generation of the session alone. */
export const sessionGenerationField: INodeProperties = {
	displayName: 'Session Generation',
	name: 'sessionGeneration',
	type: 'hidden',
	typeOptions: { expirable: true },
	default: '',
};
