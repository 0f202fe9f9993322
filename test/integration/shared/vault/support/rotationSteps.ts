/** Where a process that gives a vault another key can be killed, in their order. */
export const ROTATION_STEPS = [
	/** Inside the transaction, after the first text was sealed anew. */
	'sealing',
	/** Inside the transaction, after its last statement. */
	'noted',
	'committed',
	/** Inside the transaction that brings a spilled secret in. */
	'savingSpill',
	/** The secret is saved, its file still there. */
	'savedSpill',
] as const;

export type RotationStep = (typeof ROTATION_STEPS)[number];
