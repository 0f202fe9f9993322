import { ConnectorError, isConnectorError, passOn } from '../../../shared/errors';
import { isRecord } from '../../../shared/http';
import type { LocatedDocument } from '../../api/documentLinks';
import type { OperationCall } from '../operation';

/** Refusals that may mean that the cabinet keeps no versions, or that somebody has the document checked out. */
const REFUSALS = new Set([
	'DOCUWARE_BAD_REQUEST',
	'DOCUWARE_FORBIDDEN',
	'DOCUWARE_LOCKED',
	'DOCUWARE_NOT_FOUND',
	'DOCUWARE_SERVER_ERROR',
	'DOCUWARE_VALIDATION',
]);

/**
 * Says why a check-out or check-in was refused, where the file cabinet or the document tells: it is asked only then.
 *
 * @param isCheckIn whether the document has to be checked out already
 * @throws ConnectorError DOCUWARE_NO_VERSION_MANAGEMENT, DOCUWARE_LOCKED, DOCUWARE_NOT_CHECKED_OUT, or the refusal itself
 */
export async function refusedVersion(
	call: OperationCall,
	document: LocatedDocument,
	error: unknown,
	isCheckIn: boolean,
): Promise<never> {
	if (!isConnectorError(error) || !REFUSALS.has(error.code)) passOn(error);
	const { documentId, cabinetId } = document;
	const status = await versionManagement(call, cabinetId);
	const said = { httpStatus: error.httpStatus, serviceMessage: error.serviceMessage };
	const words = error.serviceMessage === undefined ? '' : ` DocuWare says: ${error.serviceMessage}`;
	if (status === 'disable') {
		throw new ConnectorError(
			'DOCUWARE_NO_VERSION_MANAGEMENT',
			`Documents of the file cabinet of document ${documentId} cannot be checked out or in: it has no version management.${words}`,
			{
				repair:
					'Switch version management on for the file cabinet in DocuWare Configuration. Document trays have none.',
				...said,
			},
		);
	}
	const isOut = isCheckedOut(document);
	if (isOut === true && !isCheckIn) {
		throw new ConnectorError(
			'DOCUWARE_LOCKED',
			`Document ${documentId} is checked out already.${words}`,
			{ repair: 'Let who has checked it out check it in, or run Undo Check Out.', ...said },
		);
	}
	if (isOut === false && isCheckIn) {
		throw new ConnectorError(
			'DOCUWARE_NOT_CHECKED_OUT',
			`Document ${documentId} is not checked out.${words}`,
			{
				repair: 'Run Check Out first, and give its file back under the name that it has.',
				...said,
			},
		);
	}
	passOn(error);
}

/** In lower case; undefined where nothing is said, or nothing can be asked. */
async function versionManagement(
	{ facts }: OperationCall,
	cabinetId: string,
): Promise<string | undefined> {
	try {
		const { VersionManagement: status } = (await facts.cabinet(cabinetId)).resource;
		return typeof status === 'string' ? status.toLowerCase() : undefined;
	} catch {
		return undefined;
	}
}

/** As the document said before the change; undefined where it says nothing. */
export function isCheckedOut({
	resource: { Flags: flags },
}: Pick<LocatedDocument, 'resource'>): boolean | undefined {
	const said = isRecord(flags) ? flags.IsCheckedOut : undefined;
	return typeof said === 'boolean' ? said : undefined;
}
