import { invalidValueWith } from '../../shared/values/invalidValue';

export { inField } from '../../shared/values/invalidValue';

/** EXACT_INVALID_VALUE: the value, shortened, what is wrong with it, and what to do. */
export const invalidValue = invalidValueWith('EXACT_INVALID_VALUE');
