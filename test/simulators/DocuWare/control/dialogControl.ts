import { isRecord } from '../../shared/requestBody';
import { FileContent } from '../http/fileContent';
import type { SimulatedServer } from '../simulatedServer';
import { addSection } from '../world/documents';
import type { IndexValues } from '../world/documents';
import { typedValues } from './documentsControl';

/** What a person in the web client gets to see. */
export interface DialogOutcome {
	stored: boolean;
	/** What the validation said against it. */
	reason?: string;
	documentId?: number;
}

/**
 * A person stores a document through a store dialog of the web client: `{fileCabinetId, dialogId, values, userName?,
 * file?}` with dates as ISO texts and a file `{name, contentType?, text}`. The validation of the dialog is asked first.
 */
export async function storeThroughDialog(
	server: SimulatedServer,
	input: Record<string, unknown>,
): Promise<DialogOutcome> {
	const { fileCabinetId, dialogId, values, userName } = read(server, input);
	const refusal = await refusalOf(server, { fileCabinetId, dialogId, values, userName });
	if (refusal !== undefined) return { stored: false, reason: refusal };
	const storedAt = server.now();
	const document = server.documents.add({ fileCabinetId, values, storedBy: userName, storedAt });
	const { file } = input;
	if (isRecord(file)) {
		const content = FileContent.of(Buffer.from(String(file['text'] ?? '')));
		const contentType = String(file['contentType'] ?? 'text/plain');
		addSection(document, { name: String(file['name']), contentType, content }, storedAt);
	}
	return { stored: true, documentId: document.id };
}

/** The same for index data that a person changes through an info dialog; `documentId` names the document. */
export async function changeThroughDialog(
	server: SimulatedServer,
	input: Record<string, unknown>,
): Promise<DialogOutcome> {
	const { fileCabinetId, dialogId, values: changes, userName } = read(server, input);
	const document = server.documents.find(fileCabinetId, Number(input['documentId']));
	if (document === undefined) throw new Error('There is no such document.');
	const values = { ...document.values, ...changes };
	const refusal = await refusalOf(server, { fileCabinetId, dialogId, values, userName });
	if (refusal !== undefined) return { stored: false, reason: refusal };
	server.documents.changeValues(document, values, userName, server.now());
	return { stored: true, documentId: document.id };
}

interface DialogInput {
	fileCabinetId: string;
	dialogId: string;
	values: IndexValues;
	userName: string;
}

function read(server: SimulatedServer, input: Record<string, unknown>): DialogInput {
	const cabinet = server.cabinet(String(input['fileCabinetId']));
	const { values, userName } = input;
	return {
		fileCabinetId: cabinet.id,
		dialogId: String(input['dialogId']),
		values: typedValues(cabinet.fields, isRecord(values) ? values : {}),
		userName: typeof userName === 'string' ? userName : 'api',
	};
}

async function refusalOf(server: SimulatedServer, asked: DialogInput): Promise<string | undefined> {
	const outcome = await server.validations.ask(asked);
	return outcome === undefined || outcome.accepted ? undefined : outcome.reason;
}
