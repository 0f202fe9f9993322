export type { ValueOptions } from '../../shared/values/valueOptions';

/** Primitive Edm types of Exact Online (docs/facts/exact-online.md 4.2). */
export const EDM_TYPES = [
	'Guid',
	'String',
	'DateTime',
	'Boolean',
	'Byte',
	'Int16',
	'Int32',
	'Int64',
	'Double',
	'Decimal',
	'Binary',
] as const;

export type EdmType = (typeof EDM_TYPES)[number];

export type WholeType = 'Byte' | 'Int16' | 'Int32' | 'Int64';
