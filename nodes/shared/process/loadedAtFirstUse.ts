import { readFileSync } from 'node:fs';

/** A class of which n8n reads data at every start and calls a function now and then. */
export interface LaterClass {
	name: string;
	/** Absolute path of its data as JSON: all that an object of it holds but functions. */
	dataFile: string;
	/** Functions of its prototype. */
	methods: readonly string[];
	/** Functions that an object of it holds, by the names that lead there. */
	functions: ReadonlyArray<readonly string[]>;
	/** Loads the code. */
	load(): new () => object;
	/** Called some seconds after n8n has loaded the class, for what goes on without a call of n8n. */
	afterStart?(): unknown;
}

/** By then n8n takes requests, and what is loaded costs its start nothing (milliseconds). */
const AFTER_START_MS = 5_000;

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

type Members = Record<string, unknown>;

/**
 * The class as its data alone, each object with data of its own. Its code is loaded when one of its functions is called first, so
 * that what nobody uses costs a start of n8n nothing but reading the data.
 */
export function loadedAtFirstUse(later: LaterClass): new () => object {
	const { name, dataFile, methods, functions } = later;
	let loaded: (new () => object) | undefined;
	const code = () => (loaded ??= later.load());
	if (later.afterStart !== undefined) setTimeout(later.afterStart, AFTER_START_MS).unref();
	let made: object | undefined;
	const one = () => (made ??= new (code())());
	const Later = {
		[name]: class {
			constructor() {
				Object.assign(this, JSON.parse(readFileSync(dataFile, 'utf8')));
				for (const path of functions)
					put(
						this,
						path,
						passingTo(() => memberOf(one(), path)),
					);
			}
		},
	}[name] as new () => object;
	for (const method of methods) {
		const value = passingTo(() => memberOf(code().prototype as object, [method]));
		Object.defineProperty(Later.prototype, method, { value, writable: true, configurable: true });
	}
	return Later;
}

/** Calls what is found then, with its own `this`. */
function passingTo(find: () => unknown): AnyFunction {
	return function (...args) {
		return Reflect.apply(find() as AnyFunction, this, args);
	};
}

function memberOf(object: object, path: readonly string[]): unknown {
	return path.reduce<unknown>((member, key) => (member as Members)[key], object);
}

function put(object: object, path: readonly string[], value: unknown): void {
	const holder = path.slice(0, -1).reduce((member, key) => {
		return (member[key] ??= {}) as Members;
	}, object as Members);
	holder[path.at(-1) ?? ''] = value;
}
