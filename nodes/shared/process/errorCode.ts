/**
 * The `code` of an error of Node.js (ENOENT, EACCES, …), or undefined. Asks for the shape, not for
 * the class: an error may come from another realm.
 */
export function errorCode(error: unknown): string | undefined {
	if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
	return typeof error.code === 'string' ? error.code : undefined;
}
