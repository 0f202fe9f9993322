import { mustWait } from '../../../../../nodes/DocuWare/trigger/polling/connectionFacts';
import { ConnectorError } from '../../../../../nodes/shared/errors';

it.each([
	['DOCUWARE_THROTTLED', 429, true],
	['DOCUWARE_IDENTITY_UNAVAILABLE', 429, true],
	['DOCUWARE_IDENTITY_UNAVAILABLE', 503, false],
	['DOCUWARE_SERVER_ERROR', 500, false],
])('%s with status %i only has to be waited for: %s', (code, httpStatus, isSo) => {
	const error = new ConnectorError(code, 'It does not answer.', { repair: 'Wait.', httpStatus });
	expect(mustWait(error)).toBe(isSo);
});
