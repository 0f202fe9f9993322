import type { INodeProperties } from 'n8n-workflow';
import { isRecord } from '../../../shared/http';
import { invalidParameter } from '../../api/clientErrors';
import type { PlatformResource } from '../../api/platformClient';
import type { OperationCall } from '../operation';

/** Of a document (docs/facts/docuware.md 7). */
export interface DocumentVersion {
	Major: number;
	Minor: number;
}

/** Which version a document has once it is checked in. */
export const versionFields: INodeProperties[] = [
	{
		displayName: 'New Version',
		name: 'newVersion',
		type: 'options',
		options: [
			{ name: 'Next Major Version', value: 'major', description: 'After 1.2 comes 2.0' },
			{ name: 'Next Minor Version', value: 'minor', description: 'After 1.2 comes 1.3' },
			{ name: 'Other', value: 'other', description: 'A version that you give' },
		],
		default: 'minor',
	},
	{
		displayName: 'Version',
		name: 'version',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. 2.1',
		displayOptions: { show: { newVersion: ['other'] } },
	},
];

const FIRST: DocumentVersion = { Major: 1, Minor: 0 };

/**
 * The version that the item asks for.
 *
 * @param present the document before
 * @throws ConnectorError DOCUWARE_INVALID_PARAMETER
 */
export function readVersion(
	{ context, itemIndex }: Pick<OperationCall, 'context' | 'itemIndex'>,
	present: PlatformResource,
): DocumentVersion {
	const wanted = context.getNodeParameter('newVersion', itemIndex, 'minor');
	if (wanted === 'other') return typedVersion(context.getNodeParameter('version', itemIndex, ''));
	const { Major, Minor } = presentVersion(present);
	return wanted === 'major' ? { Major: Major + 1, Minor: 0 } : { Major, Minor: Minor + 1 };
}

function presentVersion({ Version: version }: PlatformResource): DocumentVersion {
	if (!isRecord(version)) return FIRST;
	const [major, minor] = [Number(version.Major), Number(version.Minor)];
	return Number.isInteger(major) && Number.isInteger(minor)
		? { Major: major, Minor: minor }
		: FIRST;
}

function typedVersion(value: unknown): DocumentVersion {
	const text = String(value ?? '').trim();
	const [, major, minor = '0'] = /^(\d{1,6})(?:\.(\d{1,6}))?$/.exec(text) ?? [];
	if (major !== undefined) return { Major: Number(major), Minor: Number(minor) };
	throw invalidParameter(
		`"${text.slice(0, 40)}" is no version of a document.`,
		'Give the version as two numbers with a dot between them, such as 2.1.',
	);
}
