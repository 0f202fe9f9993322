import { getDialog, listDialogs } from './dialogs';
import { getFileCabinet, listFileCabinets } from './fileCabinets';
import { signedIn } from './routes';
import type { PlatformRoute } from './routes';

/** Cabinets, trays and their dialogs (docs/facts/docuware.md 6.1). */
export const fileCabinetRoutes: readonly PlatformRoute[] = [
	signedIn('GET', 'FileCabinets', listFileCabinets),
	signedIn('GET', 'FileCabinets/{fileCabinetId}', getFileCabinet),
	signedIn('GET', 'FileCabinets/{fileCabinetId}/Dialogs', listDialogs),
	signedIn('GET', 'FileCabinets/{fileCabinetId}/Dialogs/{dialogId}', getDialog),
];
