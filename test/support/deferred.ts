/** A promise that a test resolves by hand. */
export interface Deferred {
	readonly promise: Promise<void>;
	resolve(): void;
}

/** Makes one that is open still. */
export function deferred(): Deferred {
	let resolve = () => {};
	const promise = new Promise<void>((settle) => {
		resolve = settle;
	});
	return { promise, resolve };
}
