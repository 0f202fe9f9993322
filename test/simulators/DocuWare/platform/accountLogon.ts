import { redirectAnswer, type Answer } from '../../shared/answers';
import { errorAnswer, resourceAnswer } from '../http/answers';
import { FormFields, formOf } from '../http/simulatedRequest';
import type { LicenceBooking } from '../sessions/licencePool';
import { sameText } from '../simulatedServer';
import type { SimulatedServer } from '../simulatedServer';
import type { SimulatedUser } from '../worldData';
import type { OpenHandler, PlatformCall } from './call';
import { licenceRefusal, unauthorized } from './refusals';
import { serviceDescription } from './serviceDescription';
import { liveSessionOf, sessionCookieLines } from './sessionCookies';

/** Values of `LicenseType` (docs/facts/docuware.md 2 and 9). */
const licenceTypes = ['PlatformService', 'WebClient', 'Mobile', 'EmailArchivingServer'];

/** `POST Account/Logon` (docs/facts/docuware.md 2). */
export const logOn: OpenHandler = (call) => {
	const form = formOf(call.request);
	if (form === undefined) return notAForm(call);
	if (licenceTypeOf(form) === undefined) return unknownLicenceType(call);
	const { server } = call;
	const user = userByForm(server, form);
	const { licences, switches } = server;
	const userName = form.get('UserName') ?? '';
	if (switches.licenceCheck === 'beforePassword' && !licences.hasRoomFor(userName)) {
		licences.noteRefusal();
		return licenceRefusal(call, userName, wantsRedirect(form));
	}
	if (user === undefined) return refused(call, form);
	const old = switches.logonWithCookieShares ? liveSessionOf(server, call.request) : undefined;
	const shares = old?.user === user ? old.booking : undefined;
	const session = openSession(call, form, user, { wayIn: 'password', shares });
	if (session === undefined) return licenceRefusal(call, user.name, wantsRedirect(form));
	server.counts.logOns.password += 1;
	return session;
};

/** No user fits; where no organization is named and there are several, a server may say so. */
function refused(call: PlatformCall, form: FormFields): Answer {
	const { server, request } = call;
	const isUnnamed = form.get('Organization') === '' && server.organizations().length > 1;
	if (!isUnnamed || server.switches.missingOrganization === 'unauthorized') {
		return unauthorized(call, 'badCredentials', wantsRedirect(form));
	}
	server.countUnauthorized('badCredentials');
	return errorAnswer(request, 401, 'The organization is missing.');
}

/** `POST Account/TokenLogOn` (docs/facts/docuware.md 3.1). */
export const tokenLogOn: OpenHandler = (call) => {
	const { server, request } = call;
	if (request.url.searchParams.has('token')) server.counts.loginTokens.inUrl += 1;
	const form = formOf(request);
	return form === undefined ? notAForm(call) : logOnByToken(call, form);
};

/**
 * `GET Account/TokenLogOn?token=&returnUrl=`, made for browsers (docs/facts/docuware.md 3.1): goes on to
 * the page that `returnUrl` names.
 */
export const tokenLogOnByLink: OpenHandler = (call) => {
	const { server, request } = call;
	server.counts.loginTokens.inUrl += 1;
	const query = new FormFields([...request.url.searchParams]);
	const answer = logOnByToken(call, query);
	const target = query.get('returnUrl');
	if (answer.status !== 200 || !target.startsWith('/')) return answer;
	const redirect = redirectAnswer(target);
	return { ...redirect, headers: { ...answer.headers, ...redirect.headers } };
};

function logOnByToken(call: PlatformCall, form: FormFields): Answer {
	const { server } = call;
	const licenceType = licenceTypeOf(form);
	if (licenceType === undefined) return unknownLicenceType(call);
	const token = server.checkLoginToken(form.get('Token'), licenceType || 'PlatformService');
	if (token === undefined) return unauthorized(call, 'badLoginToken', wantsRedirect(form));
	const shares = server.switches.tokenLogOnShares
		? server.licences.liveBookingOf(token.user.name)
		: undefined;
	const session = openSession(call, form, token.user, { wayIn: 'token', shares });
	if (session !== undefined || server.switches.tokenSpentOnLicenceRefusal) {
		server.loginTokens.spend(token);
	}
	if (session === undefined) return licenceRefusal(call, token.user.name, wantsRedirect(form));
	server.counts.loginTokens.used += 1;
	server.counts.logOns.token += 1;
	return session;
}

/** 200 with new cookies, or undefined when no licence is free. */
function openSession(
	{ server, request }: PlatformCall,
	form: FormFields,
	user: SimulatedUser,
	{ wayIn, shares }: { wayIn: 'password' | 'token'; shares: LicenceBooking | undefined },
): Answer | undefined {
	const answer = resourceAnswer(request, 'ServiceDescription', serviceDescription(server));
	const hostId = form.get('HostID');
	const booking = server.licences.book({
		shares,
		userName: user.name,
		hostId,
		byToken: wayIn === 'token',
		licenceType: licenceTypeOf(form) ?? '',
	});
	if (booking === undefined) return undefined;
	const days = sameText(form.get('RememberMe'), 'true') ? server.switches.rememberedCookieDays : 0;
	const session = server.sessions.open({
		...(days > 0 ? { expiresAt: server.now() + server.scaledMs(days * 86_400) } : {}),
		user,
		hostId,
		userAgent: request.userAgent,
		wayIn,
		requestedAt: request.receivedAt ?? server.now(),
		createdAt: server.now(),
		booking,
	});
	if (!server.switches.logonWithoutCookies) {
		answer.headers['set-cookie'] = sessionCookieLines(server, session);
	}
	return answer;
}

/** The user whom name, password and organization name; the organization may be missing if there is one only. */
function userByForm(server: SimulatedServer, form: FormFields): SimulatedUser | undefined {
	const name = form.get('Organization');
	const organizations = server.organizations();
	const organization =
		name === '' && organizations.length === 1
			? organizations[0]
			: organizations.find((entry) => sameText(entry.name, name));
	if (organization === undefined) return undefined;
	return server.userByPassword(form.get('UserName'), form.get('Password'), organization.id);
}

function wantsRedirect(form: FormFields): boolean {
	return sameText(form.get('RedirectToMyselfInCaseOfError'), 'true');
}

/** The licence type in its own spelling; empty when none was sent; undefined when there is no such type. */
function licenceTypeOf(form: FormFields): string | undefined {
	const sent = form.get('LicenseType');
	return sent === '' ? '' : licenceTypes.find((type) => sameText(type, sent));
}

function notAForm({ request }: PlatformCall): Answer {
	return errorAnswer(request, 415, 'The request entity has a media type that is not supported.');
}

function unknownLicenceType({ request }: PlatformCall): Answer {
	return errorAnswer(request, 400, 'The value of LicenseType is not valid.');
}
