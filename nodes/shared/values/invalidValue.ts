import { ConnectorError, isConnectorError, passOn } from '../errors';

/** Longest part of a value that an error shows. */
const SHOWN = 60;

/** Makes the error of a value that cannot be used: the value, shortened, what is wrong with it, and what to do. */
export type InvalidValue = (value: unknown, problem: string, repair: string) => ConnectorError;

/** @param code what the service calls such an error */
export function invalidValueWith(code: string): InvalidValue {
	return (value, problem, repair) => {
		const text = shown(value);
		const short = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
		return new ConnectorError(code, `"${short}" ${problem}`, { repair });
	};
}

/** Does the work on a field; what goes wrong with its value names it. */
export function inField<T>(name: string, work: () => T): T {
	try {
		return work();
	} catch (error) {
		passOn(isConnectorError(error) ? named(name, error) : error);
	}
}

function named(name: string, { code, message, repair }: ConnectorError): ConnectorError {
	return new ConnectorError(code, `${name}: ${message}`, { repair });
}

function shown(value: unknown): string {
	if (value instanceof Uint8Array) return 'binary data';
	try {
		return typeof value === 'object' && value !== null && !(value instanceof Date)
			? (JSON.stringify(value) ?? 'an object')
			: String(value);
	} catch {
		return 'an object';
	}
}
