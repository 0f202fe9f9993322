import type { Answer } from '../../shared/answers';
import { errorAnswer, resourceAnswer } from '../http/answers';
import { sameText } from '../simulatedServer';
import type { SimulatedServer } from '../simulatedServer';
import { allFieldsDialogId, allRights } from '../world/cabinets';
import type { CabinetRight, SimulatedFileCabinet } from '../world/cabinets';
import type { SimulatedUser } from '../worldData';
import { isAnswer } from './authentication';
import { platformPath } from './call';
import type { PlatformCall, Principal, SignedInHandler } from './call';
import { queryOf } from './organizations';

/** `GET FileCabinets[?OrgId=]`: cabinets and trays (docs/facts/docuware.md 6.1). */
export const listFileCabinets: SignedInHandler = ({ server, request }, { user }) => {
	const organizationId = queryOf(request.url)('orgid');
	if (
		organizationId !== undefined &&
		!server.organizations().some((entry) => entry.id === organizationId)
	) {
		return errorAnswer(request, 422, `'${organizationId}' is not valid organization id`);
	}
	const cabinets = server.world.fileCabinets.filter(
		(cabinet) =>
			cabinet.organizationId === user.organizationId &&
			(organizationId === undefined || organizationId === user.organizationId),
	);
	const summaries = cabinets.map((cabinet) => cabinetSummary(server, cabinet));
	return resourceAnswer(request, 'FileCabinets', { FileCabinet: summaries });
};

/** `GET FileCabinets/{id}`. */
export const getFileCabinet: SignedInHandler = (call, principal) => {
	const cabinet = cabinetFor(call, principal);
	if (isAnswer(cabinet)) return cabinet;
	return resourceAnswer(call.request, 'FileCabinet', {
		...cabinetSummary(call.server, cabinet),
		Fields: cabinet.fields,
		Rights: rightsOf(principal.user, cabinet),
		ExtendedUserRights: { AllowViewAuditData: false },
	});
};

/**
 * The cabinet that a path names, or its refusal: 422 for what is no cabinet id, 404 for an unknown
 * one, 403 when the user has no right to it, or lacks `right` (docs/facts/docuware.md 8.5).
 */
export function cabinetFor(
	call: PlatformCall,
	principal: Principal,
	right?: CabinetRight,
): SimulatedFileCabinet | Answer {
	return cabinetById(call, principal, call.parameters['fileCabinetId'] ?? '', right);
}

/** A cabinet by its id; refused as by {@link cabinetFor}. */
export function cabinetById(
	{ server, request }: PlatformCall,
	{ user }: Principal,
	id: string,
	right?: CabinetRight,
): SimulatedFileCabinet | Answer {
	if (!/^(b_)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) {
		return errorAnswer(request, 422, `'${id}' is not valid cabinet id`);
	}
	const cabinet = server.world.fileCabinets.find(
		(entry) => entry.organizationId === user.organizationId && sameText(entry.id, id),
	);
	if (cabinet === undefined) {
		return errorAnswer(request, 404, `The file cabinet '${id}' was not found.`);
	}
	if (user.deniedCabinets?.includes(cabinet.id) === true) {
		return errorAnswer(request, 403, `User ${user.name} has no right to '${cabinet.name}'.`);
	}
	if (right !== undefined && !rightsOf(user, cabinet).includes(right)) {
		return errorAnswer(
			request,
			403,
			`User ${user.name} does not have the right '${right}' in '${cabinet.name}'.`,
		);
	}
	return cabinet;
}

/** What a user may do in a cabinet. */
export function rightsOf(
	user: SimulatedUser,
	{ id }: SimulatedFileCabinet,
): readonly CabinetRight[] {
	return user.rights?.[id] ?? allRights;
}

/** The first tray of an organization is the one that users get by default. */
function cabinetSummary(server: SimulatedServer, cabinet: SimulatedFileCabinet): object {
	const firstTray = server.world.fileCabinets.find(
		(entry) => entry.isBasket && entry.organizationId === cabinet.organizationId,
	);
	const self = `${platformPath}/FileCabinets/${cabinet.id}`;
	return {
		Id: cabinet.id,
		Name: cabinet.name,
		Color: 'Yellow',
		IsBasket: cabinet.isBasket,
		Usable: true,
		Default: cabinet === firstTray,
		AssignedCabinetId: '00000000-0000-0000-0000-000000000000',
		VersionManagement: cabinet.versionManagement ?? 'Disable',
		WindowsExplorerClientAccess: false,
		AddIndexEntriesInUpperCase: false,
		DocumentAuditingEnabled: false,
		HasFullTextSupport: hasFullText(cabinet),
		Links: [
			{ rel: 'self', href: self },
			{ rel: 'dialogs', href: `${self}/Dialogs` },
			{ rel: 'searches', href: `${self}/Dialogs?DialogType=Search` },
			{ rel: 'stores', href: `${self}/Dialogs?DialogType=Store` },
			{ rel: 'customSearch', href: `${self}/Dialogs/${allFieldsDialogId}` },
			{ rel: 'taskLists', href: `${self}/Dialogs?DialogType=TaskList` },
			{ rel: 'documents', href: `${self}/Documents` },
			{ rel: 'transfer', href: `${self}/Task/Transfer` },
			{ rel: 'contentMergeOperation', href: `${self}/Operations/ContentMerge` },
			{ rel: 'batchUpdate', href: `${self}/Operations/BatchDocumentsUpdateFields` },
			{ rel: 'stamps', href: `${self}/Stamps` },
			{ rel: 'count', href: `${self}/Query/CountExpression` },
		],
	};
}

/** Whether the text of files can be searched: in a cabinet, unless it says otherwise. */
export function hasFullText(cabinet: SimulatedFileCabinet): boolean {
	return cabinet.hasFullText ?? !cabinet.isBasket;
}
