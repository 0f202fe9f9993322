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

/** How values that people and expressions give are read. */
export interface ValueOptions {
	/** Time zone in which a date with an offset is shown, that of the workflow; default UTC. */
	timeZone?: string;
	/** Sign between thousands, without which `1.234` and `1,234` are refused for a whole number. */
	thousands?: '.' | ',';
}
