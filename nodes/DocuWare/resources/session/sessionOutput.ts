import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { OutputRow } from '../../../shared/node/operation';
import type { DocuWareSession } from '../../auth/session/sessionTypes';
import type { OperationCall } from '../operation';
import type { SessionStatus } from '../../auth/record/sessionStatus';

/** Has the raw cookie or token leave the vault. */
export const includeSecretField: INodeProperties = {
	displayName: 'Include Secret in Output',
	name: 'includeSecret',
	type: 'boolean',
	default: false,
	description:
		'Whether to put the raw cookie or token into the output. Warning: whoever can read ' +
		'the execution data of this workflow can then act as this DocuWare user. Later nodes ' +
		'of this package do not need it; the session reference is enough for them.',
};

/** Whether the item asks for the secret; belongs to `refusedAsTool`. */
export function readIncludeSecret({ context, itemIndex }: OperationCall): boolean {
	return context.getNodeParameter('includeSecret', itemIndex, false) === true;
}

/** What may be shown of a session, without the attempt log. */
export function statusJson(status: SessionStatus): IDataObject {
	const { attempts: _attempts, ...shown } = status;
	return { ...shown };
}

/** The output of an operation that opens or looks at a session. */
export async function sessionRow(
	session: DocuWareSession,
	status: SessionStatus,
	includeSecret: boolean,
): Promise<OutputRow> {
	const json = statusJson(status);
	if (!includeSecret) return { json };
	return { json: { ...json, ...(await session.secret()) } };
}
