/**
 * What a poll opens once and uses several times, such as the session of its credential: opened where it is first asked for.
 */
export function oncePerRun<Run extends object, Opened>(
	open: (run: Run) => Promise<Opened>,
): (run: Run) => Promise<Opened> {
	const opened = new WeakMap<Run, Promise<Opened>>();
	return async (run) => {
		const known = opened.get(run) ?? open(run);
		opened.set(run, known);
		return await known;
	};
}
