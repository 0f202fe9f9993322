import type { Answer } from '../../shared/answers';
import { errorAnswer } from '../http/answers';
import { InvalidValue } from '../world/sentValues';
import { authenticate, isAnswer } from './authentication';
import type { OpenHandler, PlatformCall, SignedInHandler } from './call';

/** What one method of one path does. */
export interface PlatformRoute {
	method: string;
	/** Path below the platform with `{parameters}`; counters, faults and hold points name it so. */
	name: string;
	handle: (call: PlatformCall) => Answer;
	/** Absent where anybody may call. */
	needsSignIn?: boolean;
}

/** A route that anybody may call. */
export function open(method: string, name: string, handler: OpenHandler): PlatformRoute {
	return { method, name, handle: handler };
}

/** A route that needs a signed-in user; what is invalid in the request is answered 422. */
export function signedIn(method: string, name: string, handler: SignedInHandler): PlatformRoute {
	const handle = (call: PlatformCall): Answer => {
		const principal = call.admitted ?? authenticate(call);
		if (isAnswer(principal)) return principal;
		try {
			return handler(call, principal);
		} catch (error) {
			if (error instanceof InvalidValue) return errorAnswer(call.request, 422, error.message);
			throw error;
		}
	};
	return { method, name, handle, needsSignIn: true };
}
