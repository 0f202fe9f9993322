import { hostExpression, replaced } from '../../shared/http/typedHost';
import { CLOUD_NAME, IDENTITY_STEPS, PLATFORM_STEPS } from '../platform/typedServer';

const TYPED = '($self["platformUrl"] || "").trim()';

/** The field *Server* with the domain of the cloud, where it is a name alone. */
const ADDRESS = replaced(TYPED, [CLOUD_NAME]);

const SCHEME = `(/^http:\\/\\//i.test(${TYPED}) ? "http://" : "https://")`;

const LOCATION = replaced(ADDRESS, [[/^https?:\/\//i, '']]);

/** For an expression of a credential: the host of the field *Server*, without port. */
export const SERVER_HOST = hostExpression(ADDRESS);

/** Expression for the scheme, host and port of the field *Server*. */
export const SERVER_ORIGIN = `${SCHEME} + ${replaced(LOCATION, [[/[\\/?#][\s\S]*$/, '']])}`;

/** Expression for the address of the Platform. */
export const PLATFORM_URL = `${SCHEME} + ${replaced(LOCATION, PLATFORM_STEPS)}`;

const PASTED = replaced('($self["identityServiceUrl"] || "").trim()', IDENTITY_STEPS);

/** Expression for the Identity Service as pasted; empty: where a server of one's own has it. */
export const IDENTITY_URL = `(${PASTED} || (${SERVER_ORIGIN} + "/DocuWare/Identity"))`;
