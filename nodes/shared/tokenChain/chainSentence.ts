import { quoted } from '../errorText';
import type { IdentityFacts } from './types';

/** A sentence about a chain: the cause, whose chain it is, and the service's own words. */
export function chainSentence(cause: string, about: IdentityFacts, detail: string | null): string {
	return `${cause}: ${about.identifier} at ${about.host}${quoted(detail)}.`;
}
