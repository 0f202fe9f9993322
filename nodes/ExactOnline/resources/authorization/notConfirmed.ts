/** Code of an operation whose switch to confirm is off. */
export const NOT_CONFIRMED = 'EXACT_NOT_CONFIRMED';
