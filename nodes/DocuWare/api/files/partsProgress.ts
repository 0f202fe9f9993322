import type { PlatformResource } from '../platformClient';
import type { SizedFile } from './storeOrder';

/** How far a file that is sent in parts has come. */
export interface PartsProgress {
	readonly file: SizedFile;
	/** What DocuWare makes of it. */
	readonly makes: 'document' | 'section';
	/** Bytes that the server has confirmed. */
	readonly sent: number;
	/** A part went out twice, so that the whole has to be looked at. */
	readonly isResent: boolean;
}

/** What was made, with its number where that is told. */
export function nameOf({ makes }: PartsProgress, { Id }: PlatformResource): string {
	const isKnown = typeof Id === 'number' || typeof Id === 'string';
	return isKnown ? `the ${makes} ${Id}` : `a ${makes}`;
}
