/**
 * One fact that the sources leave open, played by one switch. What a simulator does unless it is told
 * otherwise, the likelier reading, is the default of that switch (docs/readings.md).
 */
export interface Reading<Value> {
	/** What else the sources, or their silence, allow. */
	others: readonly Value[];
	/** The one of these that asks most of a client; absent where the default does, or where none gets in. */
	harder?: Value;
}

/** Readings by the name of their switch. */
export type Readings<Switches> = { readonly [Name in keyof Switches]?: Reading<Switches[Name]> };

/** Set to `harder`, simulators start with all harder readings together. */
export const READINGS_VARIABLE = 'SIMULATOR_READINGS';

/**
 * The switches that a simulator starts with: `defaults`, or the harder readings laid over them.
 * @throws RangeError on another word in the variable
 */
export function startSwitches<Switches extends object>(
	defaults: Switches,
	readings: Readings<Switches>,
): Switches {
	const asked = process.env[READINGS_VARIABLE] ?? '';
	if (asked === '' || asked === 'likely') return defaults;
	if (asked !== 'harder') throw new RangeError(`${READINGS_VARIABLE} is "likely" or "harder".`);
	return { ...defaults, ...harderReadings(readings) };
}

/** The harder reading of each switch that has one. */
export function harderReadings<Switches>(readings: Readings<Switches>): Partial<Switches> {
	const entries = Object.entries<Reading<unknown> | undefined>(readings);
	const harder = entries.filter(([, reading]) => reading !== undefined && 'harder' in reading);
	return Object.fromEntries(
		harder.map(([name, reading]) => [name, reading?.harder]),
	) as Partial<Switches>;
}
