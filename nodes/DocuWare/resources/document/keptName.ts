/** What DocuWare writes into the name of a file that it checks out (docs/facts/docuware.md 7.3). */
export interface KeptName {
	documentId: number;
	/** GUID. */
	cabinetId: string;
	/** Of the file itself. */
	fileName: string;
}

const KEPT = /^(\d{1,15})\+([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\+(.+)$/i;

/** What a file name says; undefined for one that is not from a check-out. */
export function parseKeptName(name: string): KeptName | undefined {
	const [, id, cabinetId, fileName] = KEPT.exec(name.trim()) ?? [];
	if (id === undefined || cabinetId === undefined || fileName === undefined) return undefined;
	return { documentId: Number(id), cabinetId, fileName };
}

/** The name by which DocuWare knows a file at check-in. */
export function keptName({ documentId, cabinetId, fileName }: KeptName): string {
	return `${documentId}+${cabinetId}+${fileName}`;
}
