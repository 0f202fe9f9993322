/** What the tests of the editor and the pictures may take together, in s. */
const GOAL_SECONDS = 360;

/** How long it took since a moment of `performance.now()`, beside the time that there is for tests and pictures together. */
export function timeTaken(what: string, begun: number, now = performance.now()): string {
	const seconds = Math.round((now - begun) / 1000);
	const verdict = seconds > GOAL_SECONDS ? ', more than' : ' of';
	return `${what}: ${seconds} s${verdict} the ${GOAL_SECONDS} s that the tests of the editor and the pictures may take together.`;
}
