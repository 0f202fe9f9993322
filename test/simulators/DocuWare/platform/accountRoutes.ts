import { logOff } from './accountLogOff';
import { logOn, tokenLogOn, tokenLogOnByLink } from './accountLogon';
import { open } from './routes';
import type { PlatformRoute } from './routes';
import { getIdentityServiceInfo, getLoginPage, getServiceDescription } from './serviceDescription';

/** The service description and the ways in and out (docs/facts/docuware.md 1 to 3). */
export const accountRoutes: readonly PlatformRoute[] = [
	open('GET', '', getServiceDescription),
	open('GET', 'Home/IdentityServiceInfo', getIdentityServiceInfo),
	open('GET', 'LoginRedirect', getLoginPage),
	open('GET', 'Account/Logon', getLoginPage),
	open('POST', 'Account/Logon', logOn),
	open('POST', 'Account/TokenLogOn', tokenLogOn),
	open('GET', 'Account/TokenLogOn', tokenLogOnByLink),
	open('GET', 'Account/LogOff', logOff),
];
