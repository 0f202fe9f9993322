/** How values that people and expressions give are read. */
export interface ValueOptions {
	/** Time zone in which a date with an offset is shown, that of the workflow; default UTC. */
	timeZone?: string;
	/** Sign between thousands, without which `1.234` and `1,234` are refused for a whole number. */
	thousands?: '.' | ',';
}
