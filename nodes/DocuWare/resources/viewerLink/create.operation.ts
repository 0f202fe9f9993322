import { underAdvanced } from '../../../shared/errorText';
import { readOptions } from '../../../shared/node/optionsField';
import { isKind } from '../../api/cabinetFacts';
import { invalidParameter } from '../../api/clientErrors';
import { credentialTypeFor } from '../../auth/account/credentialTypes';
import { readFileCabinetId } from '../common/cabinetField';
import { readDocumentId } from '../common/documentIdField';
import { sessionFields } from '../common/sessionFields';
import type { DocuWareOperation, OperationCall } from '../operation';
import { integrationLink, type LinkSealing, type LinkView } from './integrationLink';
import { linkFields } from './linkFields';

const MINUTE_MS = 60_000;
const LOG_IN_MINUTES = 60;
const MOST_MINUTES = 365 * 24 * 60;

/** A link into the web client (docs/facts/docuware.md 4.5). Nothing is asked of DocuWare unless a name is looked up. */
export const createViewerLink: DocuWareOperation = {
	name: 'Create',
	value: 'create',
	action: 'Create viewer link',
	description: "Make a link that opens a document or a result list in DocuWare's web client",
	fields: [...sessionFields, ...linkFields],
	refusedAsTool: { switches: ['logIn'] },
	async execute(call) {
		const { context, itemIndex, session } = call;
		const view = context.getNodeParameter('view', itemIndex, 'V') as LinkView;
		const showsDocument = view === 'V' || view === 'D';
		const documentId = showsDocument ? readDocumentId(call) : undefined;
		const query = showsDocument
			? ''
			: String(context.getNodeParameter('linkQuery', itemIndex, '')).trim();
		const options = readOptions(call);
		const resultListId = readPlainId(options.resultListId, 'Result List ID', itemIndex);
		const organization = readPlainId(options.organization, 'Organization GUID', itemIndex);
		const sealing = await readSealing(call);
		const logsIn = context.getNodeParameter('logIn', itemIndex, false) === true;
		if (logsIn && sealing === undefined) throw notEncrypted();
		const minutes = readMinutes(call, logsIn);
		const fileCabinetId = await readFileCabinetId(call, 'both');
		const validUntil = minutes === undefined ? undefined : Date.now() + minutes * MINUTE_MS;
		const loginToken =
			logsIn && minutes !== undefined ? await makeLoginToken(call, minutes) : undefined;
		const url = integrationLink(
			session.baseUrl,
			organization,
			{
				view,
				fileCabinetId,
				isTray: isKind({ Id: fileCabinetId }, 'trays'),
				documentId,
				query,
				resultListId,
				validUntil,
				loginToken,
			},
			sealing,
		);
		return [
			{
				json: {
					url,
					encryption: sealing?.cipher ?? 'none',
					logsIn,
					validUntil: validUntil === undefined ? null : new Date(validUntil).toISOString(),
					fileCabinetId,
					...(documentId === undefined ? {} : { documentId }),
				},
			},
		];
	},
};

/** Nothing that would end a parameter and begin another. */
function readPlainId(value: unknown, label: string, itemIndex: number): string {
	const id = String(value ?? '').trim();
	if (/^[\w{}-]{0,80}$/.test(id)) return id;
	throw invalidParameter(
		`"${id.slice(0, 40)}" is no ${label} (item ${itemIndex}).`,
		'Give a GUID, or leave the option out.',
	);
}

/** @throws ConnectorError DOCUWARE_INVALID_PARAMETER where encryption is asked for and the credential has no passphrase */
async function readSealing({
	context,
	itemIndex,
}: OperationCall): Promise<LinkSealing | undefined> {
	const wanted = context.getNodeParameter('encryption', itemIndex, 'automatic');
	if (wanted === 'none') return undefined;
	const type = credentialTypeFor(context.getNodeParameter('authentication', itemIndex));
	const data = type === undefined ? {} : await context.getCredentials(type, itemIndex);
	const passphrase = String(data.integrationPassphrase ?? '');
	if (passphrase !== '') return { passphrase, cipher: wanted === 'gcm' ? 'gcm' : 'cbc' };
	if (wanted === 'automatic') return undefined;
	throw invalidParameter(
		'The link is to be encrypted, and the credential has no Integration Passphrase.',
		`Enter it in ${underAdvanced('the credential')}, as DocuWare Configuration > Organization Settings > Security has it.`,
	);
}

function notEncrypted(): Error {
	return invalidParameter(
		'A link that logs in has to be encrypted: DocuWare takes a login token in encrypted links only.',
		`Enter the ${underAdvanced('Integration Passphrase in the credential')}, or switch Log In by Link off.`,
	);
}

/** Undefined for a link without an end. */
function readMinutes(call: OperationCall, logsIn: boolean): number | undefined {
	const given = readOptions(call).validMinutes;
	if (given === undefined) return logsIn ? LOG_IN_MINUTES : undefined;
	const minutes = Number(given);
	if (given !== '' && Number.isInteger(minutes) && minutes >= 1 && minutes <= MOST_MINUTES) {
		return minutes;
	}
	throw invalidParameter(
		`Valid For of item ${call.itemIndex} is "${String(given).slice(0, 40)}", and not a whole number of minutes up to a year.`,
		'Correct Valid For (Minutes) in Options.',
	);
}

/** A token for the web client; the vault does not keep it, since it begins no session of this package. */
async function makeLoginToken(
	{ session, signal }: OperationCall,
	minutes: number,
): Promise<string> {
	const { token } = await session.createLoginToken({
		targetProducts: ['WebClient'],
		usage: 'Multi',
		lifetime: lifetimeOf(minutes),
		...(signal === undefined ? {} : { signal }),
	});
	await session.noteSecretShown();
	return token;
}

/** `d.hh:mm:00` (docs/facts/docuware.md 4.2). */
function lifetimeOf(minutes: number): string {
	const two = (value: number) => String(value).padStart(2, '0');
	const hours = Math.floor((minutes % 1440) / 60);
	return `${Math.floor(minutes / 1440)}.${two(hours)}:${two(minutes % 60)}:00`;
}
