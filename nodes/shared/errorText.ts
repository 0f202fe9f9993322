import type { ConnectorErrorOptions } from './errors';

/** A service's own words as part of a sentence; empty where there are none. */
export function quoted(detail: string | null): string {
	return detail ? ` ("${detail.replace(/"/g, "'")}")` : '';
}

/** The service's own words and its status among the facts of an error, as far as there are any. */
export function said(
	detail: string | null,
	httpStatus?: number,
): Pick<ConnectorErrorOptions, 'serviceMessage' | 'httpStatus'> {
	return {
		...(httpStatus === undefined ? {} : { httpStatus }),
		...(detail ? { serviceMessage: detail } : {}),
	};
}

/**
 * A part of a sentence that names a field of a credential, with where it is found: such fields are hidden before they
 * are set.
 * @param isShownBySome a credential of another kind always shows the field
 */
export function underAdvanced(words: string, isShownBySome = false): string {
	return `${words} (${isShownBySome ? 'if hidden, ' : ''}under Show Advanced Fields)`;
}
