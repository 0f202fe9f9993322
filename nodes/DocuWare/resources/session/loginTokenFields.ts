import type { INodeProperties } from 'n8n-workflow';
import { invalidParameter } from '../../api/clientErrors';
import type { LoginTokenOptions } from '../../auth/session/sessionTypes';
import type { OperationCall } from '../operation';

const CUSTOM = 'custom';

/** What a login token is asked for with (docs/facts/docuware.md 4.2, 4.4). */
export const loginTokenFields: INodeProperties[] = [
	{
		displayName: 'Products',
		name: 'targetProducts',
		type: 'multiOptions',
		options: [
			{ name: 'Connect to Outlook', value: 'CONNECTToOutlook' },
			{ name: 'Desktop Apps', value: 'DesktopApps' },
			{ name: 'Import', value: 'Import' },
			{ name: 'Mobile', value: 'Mobile' },
			{ name: 'Platform Service', value: 'PlatformService' },
			{ name: 'Web Client', value: 'WebClient' },
		],
		default: ['PlatformService'],
		description: 'Where the token can be used to log on. Token Log On needs Platform Service.',
	},
	{
		displayName: 'Usage',
		name: 'usage',
		type: 'options',
		options: [
			{ name: 'Multi', value: 'Multi', description: 'The token can open many sessions' },
			{ name: 'Single', value: 'Single', description: 'The token opens one session, once' },
		],
		default: 'Multi',
		description: 'How often the token can be used',
	},
	{
		displayName: 'Lifetime',
		name: 'lifetime',
		type: 'options',
		options: [
			{ name: '1 Day', value: '1.00:00:00' },
			{ name: '1 Hour', value: '0.01:00:00' },
			{ name: '28 Days', value: '28.00:00:00' },
			{ name: '365 Days', value: '365.00:00:00' },
			{ name: '7 Days', value: '7.00:00:00' },
			{ name: 'Custom', value: CUSTOM },
		],
		default: '1.00:00:00',
		description:
			'How long the token can be used. DocuWare documents name both 28 and 365 days as the ' +
			'longest life, and a server may shorten it without saying so.',
	},
	{
		displayName: 'Custom Lifetime',
		name: 'customLifetime',
		type: 'string',
		default: '2.00:00:00',
		required: true,
		placeholder: 'e.g. 2.12:30:00',
		description:
			'Days, hours, minutes and seconds as d.hh:mm:ss; a number alone means days. At most 365 days.',
		displayOptions: { show: { lifetime: [CUSTOM] } },
	},
	{
		displayName: 'Further Products',
		name: 'furtherProducts',
		type: 'string',
		default: '',
		placeholder: 'e.g. SmartConnect, WorkflowManager',
		description: 'Comma-separated names of DocuWare products that are not in the list',
	},
];

/**
 * What the item asks for.
 *
 * @throws ConnectorError DOCUWARE_INVALID_PARAMETER
 */
export function readLoginTokenOptions({
	context,
	itemIndex,
}: OperationCall): Required<Omit<LoginTokenOptions, 'signal'>> {
	const chosen: unknown = context.getNodeParameter('targetProducts', itemIndex, []);
	const further = String(context.getNodeParameter('furtherProducts', itemIndex, ''));
	const lifetime = String(context.getNodeParameter('lifetime', itemIndex));
	const products = [...(Array.isArray(chosen) ? chosen : [chosen]), ...further.split(',')]
		.map((product) => String(product).trim())
		.filter((product) => product !== '');
	if (products.length === 0) {
		throw invalidParameter(
			'No product is chosen for the login token.',
			'Choose at least one product, usually Platform Service.',
		);
	}
	return {
		targetProducts: [...new Set(products)],
		usage: context.getNodeParameter('usage', itemIndex, 'Multi') === 'Single' ? 'Single' : 'Multi',
		lifetime:
			lifetime === CUSTOM
				? String(context.getNodeParameter('customLifetime', itemIndex, '')).trim()
				: lifetime,
	};
}
