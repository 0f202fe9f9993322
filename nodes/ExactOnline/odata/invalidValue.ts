import { ConnectorError, isConnectorError, passOn } from '../../shared/errors';

/** Longest part of a value that an error shows. */
const SHOWN = 60;

/** EXACT_INVALID_VALUE: the value, shortened, what is wrong with it, and what to do. */
export function invalidValue(value: unknown, problem: string, repair: string): ConnectorError {
	const text = shown(value);
	const short = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
	return new ConnectorError('EXACT_INVALID_VALUE', `"${short}" ${problem}`, { repair });
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
