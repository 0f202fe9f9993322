/** A route's handler with the parts of the path that its pattern names. */
export interface RouteMatch<Handler> {
	handler: Handler;
	/** Decoded values of the `:name` segments and, for a trailing `*`, the rest as `rest`. */
	parameters: Record<string, string>;
}

interface Route<Handler> {
	method: string;
	segments: string[];
	handler: Handler;
}

/**
 * Finds a handler by method and path. Patterns are paths with `:name` for one segment and a
 * trailing `*` for any rest; `*` as method means every method. The first route that fits wins.
 */
export class Router<Handler> {
	private readonly routes: Array<Route<Handler>> = [];

	on(method: string, pattern: string, handler: Handler): this {
		this.routes.push({ method, segments: pattern.split('/'), handler });
		return this;
	}

	/** The route for a request, or undefined; `path` comes without the query string. */
	match(method: string, path: string): RouteMatch<Handler> | undefined {
		const parts = path.split('/');
		for (const route of this.routes) {
			if (route.method !== '*' && route.method !== method) continue;
			const parameters = fit(route.segments, parts);
			if (parameters) return { handler: route.handler, parameters };
		}
		return undefined;
	}
}

function fit(pattern: string[], parts: string[]): Record<string, string> | undefined {
	const parameters: Record<string, string> = {};
	for (const [index, segment] of pattern.entries()) {
		if (segment === '*') {
			parameters['rest'] = parts.slice(index).map(decode).join('/');
			return parameters;
		}
		const part = parts[index];
		if (part === undefined) return undefined;
		if (segment.startsWith(':')) parameters[segment.slice(1)] = decode(part);
		else if (segment !== part) return undefined;
	}
	return parts.length === pattern.length ? parameters : undefined;
}

function decode(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
