import type { Answer } from '../../shared/answers';
import { addSection } from '../world/documents';
import type { StoredDocument } from '../world/documents';
import { isAnswer } from './authentication';
import type { PlatformCall, Principal } from './call';
import { cabinetFor } from './fileCabinets';
import { indexed, storeDialogOf } from './indexing';
import type { Upload } from './uploads';

/** Stores what an upload brought in the cabinet of the path. */
export function storeUpload(
	call: PlatformCall,
	principal: Principal,
	storeDialogId: string | undefined,
	upload: Upload,
): StoredDocument | Answer {
	const { server } = call;
	const cabinet = cabinetFor(call, principal, 'General_Store');
	if (isAnswer(cabinet)) return cabinet;
	const values = valuesFor(call, principal, storeDialogId, upload.fields);
	if ('status' in values) return values;
	const stored = server.documents.add({
		fileCabinetId: cabinet.id,
		values: values.values,
		storedBy: principal.user.name,
		storedAt: server.now(),
	});
	stored.properties.push(...upload.properties);
	for (const file of upload.files) addSection(stored, file, server.now());
	server.counts.documentsStored += 1;
	return stored;
}

/** The values that index fields give in the cabinet of the path, or what is refused about them. */
export function valuesFor(
	call: PlatformCall,
	principal: Principal,
	storeDialogId: string | undefined,
	fields: readonly unknown[],
): { values: StoredDocument['values'] } | Answer {
	const cabinet = cabinetFor(call, principal, 'General_Store');
	if (isAnswer(cabinet)) return cabinet;
	const dialog = storeDialogOf(call, principal, cabinet, storeDialogId);
	if (dialog !== undefined && isAnswer(dialog)) return dialog;
	return { values: indexed(call, cabinet, dialog, {}, fields) };
}
