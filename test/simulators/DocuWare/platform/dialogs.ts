import type { Answer } from '../../shared/answers';
import { errorAnswer, resourceAnswer } from '../http/answers';
import { sameText } from '../simulatedServer';
import { allFieldsDialogId, fieldOf } from '../world/cabinets';
import type { DialogField, SimulatedDialog, SimulatedFileCabinet } from '../world/cabinets';
import type { SimulatedField } from '../world/fields';
import type { SimulatedUser } from '../worldData';
import { isAnswer } from './authentication';
import { platformPath } from './call';
import type { PlatformCall, Principal, SignedInHandler } from './call';
import { cabinetFor } from './fileCabinets';
import { queryOf } from './organizations';

/** Types of dialogs by the words that `DialogType=` takes (docs/facts/docuware.md 6.1). */
const dialogTypes: Readonly<Record<string, readonly string[]>> = {
	search: ['Search'],
	store: ['Store'],
	result: ['ResultList', 'ResultTree'],
	resultlist: ['ResultList'],
	resulttree: ['ResultTree'],
	index: ['InfoDialog'],
	infodialog: ['InfoDialog'],
	list: ['TaskList'],
	tasklist: ['TaskList'],
	folders: ['ResultTree'],
};

/**
 * `GET FileCabinets/{id}/Dialogs[?DialogType=]`: those that the user may use, and beside them entries that are
 * no dialogs for people, with `_` in the id or another `$type` (docs/facts/docuware.md 6.1).
 */
export const listDialogs: SignedInHandler = (call, principal) => {
	const cabinet = cabinetFor(call, principal);
	if (isAnswer(cabinet)) return cabinet;
	const asked = queryOf(call.request.url)('dialogtype') ?? '';
	const types = dialogTypes[asked.toLowerCase()];
	if (asked !== '' && types === undefined) {
		return errorAnswer(call.request, 422, `'${asked}' is no dialog type.`);
	}
	const dialogs = cabinet.dialogs.filter(
		(dialog) =>
			(types === undefined || types.includes(dialog.type)) && mayUseDialog(principal.user, dialog),
	);
	return resourceAnswer(call.request, 'DialogInfos', {
		Dialog: [
			...dialogs.map((dialog) => dialogSummary(cabinet, dialog)),
			...dialogs
				.filter(({ type, isDefault }) => type === 'Search' && isDefault)
				.map((dialog) => ({
					...dialogSummary(cabinet, { ...dialog, id: `${dialog.id}_mobile` }),
					IsDefault: false,
					IsForMobile: true,
				})),
			...dialogs
				.filter(({ type }) => type === 'TaskList')
				.map((dialog) => ({
					...dialogSummary(cabinet, { ...dialog, id: `${dialog.id.slice(0, -1)}f` }),
					$type: 'TaskListInfo',
				})),
		],
	});
};

/** `GET FileCabinets/{id}/Dialogs/{dialogId}`. */
export const getDialog: SignedInHandler = (call, principal) => {
	const cabinet = cabinetFor(call, principal);
	if (isAnswer(cabinet)) return cabinet;
	const id = call.parameters['dialogId'] ?? '';
	const dialog = sameText(id, allFieldsDialogId)
		? allFieldsDialog
		: cabinet.dialogs.find((entry) => sameText(entry.id, id));
	if (dialog === undefined) return errorAnswer(call.request, 404, `There is no dialog '${id}'.`);
	if (!mayUseDialog(principal.user, dialog)) return notForUser(call, principal, dialog);
	const query = `${platformPath}/FileCabinets/${cabinet.id}/Query`;
	const shown = fieldsOfDialog(cabinet, dialog);
	return resourceAnswer(call.request, 'Dialog', {
		...dialogSummary(cabinet, dialog),
		$type: 'Dialog',
		...(dialog.type === 'Store' || dialog.type === 'InfoDialog'
			? {}
			: {
					Query: {
						ForceRefresh: true,
						Expression: '',
						Fields: shown.map(({ field }) => field.DBFieldName),
						SortOrder: [{ Field: 'DWDOCID', Direction: 'Asc' }],
						Links: [
							{ rel: 'dialogExpression', href: `${query}/DialogExpression?DialogId=${dialog.id}` },
							{
								rel: 'dialogExpressionLink',
								href: `${query}/DialogExpressionLink?DialogId=${dialog.id}`,
							},
							{ rel: 'count', href: `${query}/CountExpression?DialogId=${dialog.id}` },
						],
					},
				}),
		Properties: {
			$type: `DialogProperties${dialog.type}`,
			LogicalOperator: { DefaultOperator: 'And', Show: true },
		},
		Fields: shown.map(({ field, entry }) => ({
			...dialogField(cabinet, dialog, field, entry),
			...(call.server.switches.selectListOnly === 'told' && {
				SelectListOnly: entry.selectListOnly === true,
			}),
		})),
	});
};

/** The dialog of all fields, which no list has. */
const allFieldsDialog: SimulatedDialog = {
	id: allFieldsDialogId,
	displayName: 'Custom',
	type: 'Search',
	isDefault: false,
};

/** The fields that a dialog shows, with what it says about them. */
export function fieldsOfDialog(
	cabinet: SimulatedFileCabinet,
	dialog: SimulatedDialog,
): Array<{ field: SimulatedField; entry: DialogField }> {
	if (dialog.fields === undefined) {
		return cabinet.fields.map((field) => ({ field, entry: { name: field.DBFieldName } }));
	}
	return dialog.fields.flatMap((entry) => {
		const field = fieldOf(cabinet, entry.name);
		return field === undefined ? [] : [{ field, entry }];
	});
}

/**
 * The dialog through which a request searches: that of `DialogId`, else the default search dialog, else all
 * fields. 422 for an unknown one, 403 for one that the user may not use.
 */
export function searchDialogOf(
	call: PlatformCall,
	principal: Principal,
	cabinet: SimulatedFileCabinet,
	id: string | undefined,
): SimulatedDialog | Answer {
	if (id === undefined || id === '') {
		const byDefault = cabinet.dialogs.find(
			(entry) => entry.type === 'Search' && entry.isDefault && mayUseDialog(principal.user, entry),
		);
		return byDefault ?? allFieldsDialog;
	}
	if (sameText(id, allFieldsDialogId)) return allFieldsDialog;
	const dialog = cabinet.dialogs.find((entry) => sameText(entry.id, id));
	if (dialog === undefined || dialog.type === 'Store') {
		return errorAnswer(call.request, 422, `'${id}' is not valid dialog id`);
	}
	return mayUseDialog(principal.user, dialog) ? dialog : notForUser(call, principal, dialog);
}

/** Whether a user may use a dialog. */
export function mayUseDialog({ name }: SimulatedUser, dialog: SimulatedDialog): boolean {
	return dialog.deniedUsers?.some((denied) => sameText(denied, name)) !== true;
}

/** 403 of a dialog that is not for this user. */
export function notForUser(
	{ request }: PlatformCall,
	{ user }: Principal,
	dialog: SimulatedDialog,
): Answer {
	return errorAnswer(
		request,
		403,
		`User ${user.name} may not use the dialog '${dialog.displayName}'.`,
	);
}

function dialogField(
	cabinet: SimulatedFileCabinet,
	dialog: SimulatedDialog,
	field: SimulatedField,
	entry: DialogField,
): object {
	const query = `${platformPath}/FileCabinets/${cabinet.id}/Query/SelectListExpression`;
	const hasList = field.DWFieldType !== 'Table' && field.DWFieldType !== 'Memo';
	return {
		DBFieldName: field.DBFieldName,
		DlgLabel: entry.label ?? field.DisplayName,
		DWFieldType: field.DWFieldType,
		Locked: false,
		ReadOnly: entry.readOnly === true || field.Scope === 'System',
		NotEmpty: dialog.type === 'Search' ? false : field.NotEmpty || entry.notEmpty === true,
		Visible: entry.visible !== false,
		Length: field.Length,
		Precision: field.Precision,
		AllowExtendedSearch: dialog.type === 'Search',
		AssignedInternalSelectList: hasList,
		UsedAsDocumentName: field.UsedAsDocumentName,
		IsHierarchy: false,
		DialogTableFieldColumns: field.TableFieldColumns.map((column) => ({
			DBFieldName: column.DBFieldName,
			DlgLabel: column.DisplayName,
			DWFieldType: column.DWFieldType,
			ReadOnly: false,
			NotEmpty: column.NotEmpty,
			Visible: true,
			Length: column.Length,
			Precision: column.Precision,
		})),
		Links: hasList
			? [
					{
						rel: 'simpleSelectList',
						href: `${query}?DialogId=${dialog.id}&FieldName=${field.DBFieldName}`,
					},
				]
			: [],
	};
}

function dialogSummary(cabinet: SimulatedFileCabinet, dialog: SimulatedDialog): object {
	return {
		$type: 'DialogInfo',
		Id: dialog.id,
		DisplayName: dialog.displayName,
		IsDefault: dialog.isDefault,
		Type: dialog.type,
		FileCabinetId: cabinet.id,
		FileCabinetName: cabinet.name,
		AssignedDialogId: dialog.assignedDialogId ?? '',
		IsForMobile: dialog.isForMobile === true,
		Color: 'Blue',
		Links: [
			{ rel: 'self', href: `${platformPath}/FileCabinets/${cabinet.id}/Dialogs/${dialog.id}` },
		],
	};
}
