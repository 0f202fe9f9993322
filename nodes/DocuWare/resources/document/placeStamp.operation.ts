import type { INodeProperties } from 'n8n-workflow';
import { ConnectorError, isConnectorError, passOn } from '../../../shared/errors';
import { redact } from '../../../shared/http';
import { optionsCollection, readOptions } from '../../../shared/node/optionsField';
import { changesAsTool, changesField } from '../../../shared/node/toolChanges';
import { invalidParameter } from '../../api/clientErrors';
import { sessionFields } from '../common/sessionFields';
import type { DocuWareOperation, OperationCall } from '../operation';
import { findStamp } from '../stamp/stamps';
import { stampBody, type StampPlacement } from './annotations';
import { documentTargetFields } from './documentTarget';
import { linkOf, placeOf, readDocument } from './locatedDocument';
import { placeOptions, readPlace, readTwips } from './pagePlace';
import { sendChange } from './sendChange';
import { readStampName, readStampValues, stampFields } from './stampFields';

const positionFields: INodeProperties[] = [
	{
		displayName: 'Position',
		name: 'position',
		type: 'options',
		options: [
			{ name: 'At Coordinates', value: 'coordinates' },
			{ name: 'Best Position', value: 'best', description: 'DocuWare looks for a free place' },
		],
		default: 'best',
	},
	{
		displayName: 'X (Twips)',
		name: 'x',
		type: 'number',
		default: 567,
		description: 'Distance from the left edge: 1,440 twips are an inch, 567 a centimetre',
		displayOptions: { show: { position: ['coordinates'] } },
	},
	{
		displayName: 'Y (Twips)',
		name: 'y',
		type: 'number',
		default: 567,
		description: 'Distance from the upper edge: 1,440 twips are an inch, 567 a centimetre',
		displayOptions: { show: { position: ['coordinates'] } },
	},
];

const passwordOption: INodeProperties = {
	displayName: 'Password',
	name: 'stampPassword',
	type: 'string',
	typeOptions: { password: true },
	default: '',
	description: 'Password of the stamp, where it has one; it is in no output and in no error',
};

const rotationOption: INodeProperties = {
	displayName: 'Rotation',
	name: 'rotation',
	type: 'options',
	options: [
		{ name: '0°', value: 0 },
		{ name: '180°', value: 180 },
		{ name: '270°', value: 270 },
		{ name: '90°', value: 90 },
	],
	default: 0,
};

/** `POST …/Annotation` with a stamp (docs/facts/docuware.md 7.3, 7.4). */
export const placeStamp: DocuWareOperation = {
	name: 'Place Stamp',
	value: 'placeStamp',
	action: 'Place stamp on document',
	description:
		'Put a stamp on a page of a document; what the stamp writes into index fields is written too',
	fields: [
		changesField,
		...sessionFields,
		...documentTargetFields,
		...stampFields,
		...positionFields,
		optionsCollection([...placeOptions, passwordOption, rotationOption]),
	],
	refusedAsTool: changesAsTool,
	async execute(call) {
		const place = readPlace(call);
		const location = readLocation(call);
		const wanted = readStampName(call);
		const { stampPassword = '', rotation = 0 } = readOptions(call);
		const password = String(stampPassword);
		const document = await readDocument(call);
		const stamp = await findStamp(call, document.cabinetId, wanted);
		if (stamp.needsPassword && password === '') {
			throw invalidParameter(
				`The stamp "${stamp.name}" needs its password, which item ${call.itemIndex} does not give. Nothing was placed.`,
				'Add Password in Options.',
			);
		}
		const placement: StampPlacement = {
			stampId: stamp.id,
			location,
			rotation: Number(rotation),
			fields: readStampValues(call, stamp),
			password: password === '' ? undefined : password,
		};
		await sendChange(call, {
			method: 'POST',
			address: linkOf(call, document, 'annotation'),
			body: stampBody(place, placement),
		}).catch((error: unknown) => {
			throw withoutPassword(error, password);
		});
		return [
			{
				json: {
					placed: true,
					...placeOf(document),
					stampId: stamp.id,
					stampName: stamp.name,
					section: place.section,
					page: place.page,
				},
			},
		];
	},
};

function readLocation({ context, itemIndex }: OperationCall): StampPlacement['location'] {
	if (context.getNodeParameter('position', itemIndex, 'best') !== 'coordinates') return undefined;
	const read = (name: string, label: string) =>
		readTwips(context.getNodeParameter(name, itemIndex), label, itemIndex);
	return { x: read('x', 'X'), y: read('y', 'Y') };
}

/** The service may say again what it was sent. */
function withoutPassword(error: unknown, password: string): unknown {
	if (password === '' || !isConnectorError(error)) passOn(error);
	const { code, message, serviceMessage, repair, retryable, httpStatus, retryAt } = error;
	return new ConnectorError(code, redact(message, [password]), {
		repair,
		retryable,
		...(httpStatus === undefined ? {} : { httpStatus }),
		...(retryAt === undefined ? {} : { retryAt }),
		...(serviceMessage === undefined ? {} : { serviceMessage: redact(serviceMessage, [password]) }),
	});
}
