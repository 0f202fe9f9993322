import { errorAnswer } from '../http/answers';
import type { Answer } from '../../shared/answers';
import { sameText } from '../simulatedServer';
import type { SimulatedFileCabinet, SimulatedDialog } from '../world/cabinets';
import type { IndexValues, StoredDocument } from '../world/documents';
import {
	InvalidValue,
	readSentFields,
	requireMandatory,
	withSentValues,
} from '../world/sentValues';
import type { SentValues } from '../world/sentValues';
import type { PlatformCall, Principal } from './call';
import { mayUseDialog, notForUser } from './dialogs';
import { writingRulesOf } from './writingRules';

/** The store dialog that a request names; undefined when it names none, 422 for an unknown one. */
export function storeDialogOf(
	call: PlatformCall,
	principal: Principal,
	cabinet: SimulatedFileCabinet,
	id: string | undefined,
): SimulatedDialog | undefined | Answer {
	if (id === undefined || id === '') return undefined;
	const dialog = cabinet.dialogs.find(
		(entry) => sameText(entry.id, id) && (entry.type === 'Store' || entry.type === 'InfoDialog'),
	);
	if (dialog === undefined) return errorAnswer(call.request, 422, `'${id}' is not valid dialog id`);
	return mayUseDialog(principal.user, dialog) ? dialog : notForUser(call, principal, dialog);
}

/**
 * The values of a document after those that were sent are laid over its own. Mandatory are the fields that
 * the cabinet or the dialog says are; a tray asks for none.
 * @throws InvalidValue
 */
export function indexed(
	{ server }: PlatformCall,
	cabinet: SimulatedFileCabinet,
	dialog: SimulatedDialog | undefined,
	present: IndexValues,
	sentFields: readonly unknown[],
): IndexValues {
	const sent = readSentFields(sentFields, cabinet.fields, writingRulesOf(server.switches));
	checkByDialog(dialog, sent);
	const values = withSentValues(present, sent);
	const mandatory = new Set(
		(dialog?.fields ?? []).filter((entry) => entry.notEmpty === true).map(({ name }) => name),
	);
	if (!cabinet.isBasket) {
		requireMandatory(
			values,
			cabinet.fields,
			(field) => field.NotEmpty || mandatory.has(field.DBFieldName),
		);
	}
	return values;
}

/** Writes values into a document, and who did it when. */
export function changeValues(
	{ server }: PlatformCall,
	{ user }: Principal,
	document: StoredDocument,
	values: IndexValues,
): void {
	server.documents.changeValues(document, values, user.name, server.now());
	server.counts.documentsUpdated += 1;
}

function checkByDialog(dialog: SimulatedDialog | undefined, sent: SentValues): void {
	for (const entry of dialog?.fields ?? []) {
		const value = sent[entry.name];
		if (value === undefined || value === null) continue;
		if (entry.readOnly === true) {
			throw new InvalidValue(`The field '${entry.name}' is read-only in this dialog.`);
		}
		if (entry.selectListOnly !== true) continue;
		const chosen: unknown[] = Array.isArray(value) ? value : [value];
		const foreign = chosen.find((one) => !(entry.selectList ?? []).includes(String(one)));
		if (foreign !== undefined) {
			throw new InvalidValue(
				`The value '${String(foreign)}' of the field '${entry.name}' is not in the select list.`,
			);
		}
	}
}
