import type { Answer } from '../../shared/answers';
import type { SimulatedRequest } from '../http/simulatedRequest';
import type { PlatformSession } from '../sessions/sessionRegistry';
import type { SimulatedServer } from '../simulatedServer';
import type { SimulatedUser } from '../worldData';

/** Who makes a request. */
export interface Principal {
	user: SimulatedUser;
	/** Present with a cookie, absent with a bearer token. */
	session?: PlatformSession;
}

/** What a handler of the platform gets to know. */
export interface PlatformCall {
	server: SimulatedServer;
	request: SimulatedRequest;
	/** Named parts of the path, in lower case. */
	parameters: Record<string, string>;
	/** Who was let in by the head of the request, before its body came. */
	admitted?: Principal;
}

/** A handler that anybody may call. */
export type OpenHandler = (call: PlatformCall) => Answer;

/** A handler that needs a signed-in user. */
export type SignedInHandler = (call: PlatformCall, principal: Principal) => Answer;

/** Path of the platform on the tenant's origin. */
export const platformPath = '/DocuWare/Platform';
