/**
 * What the editor of n8n 2.40.7 shows of a list's error: its parts between hyphens, else its sentences, without those
 * that say to check the credential (docs/facts/n8n.md).
 */
export function shownInList(message: string): string {
	const parts = /[-–—]/.test(message)
		? message.split(/\s*[-–—]\s*/)
		: message.split(/(?<=[.!?])\s+/);
	return parts
		.filter((part) => part.trim() && !/check\s+(your\s+)?credentials?/i.test(part))
		.join(' ')
		.trim();
}
