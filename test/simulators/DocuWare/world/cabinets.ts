import { systemFields } from './fields';
import type { SimulatedField } from './fields';

/** Rights of a user in a cabinet that the simulator knows (docs/facts/docuware.md 7.4). */
export type CabinetRight =
	| 'General_Search'
	| 'General_DisplayDocument'
	| 'General_Store'
	| 'General_Edit'
	| 'General_EditDocuments'
	| 'General_DeleteDocuments'
	| 'General_Append'
	| 'General_Checkout'
	| 'General_Export'
	| 'Annotation_New'
	| 'Annotation_Delete'
	| 'Annotation_All'
	| 'Annotation_Stamp_New';

/** All of them, which whoever is not restricted has. */
export const allRights: readonly CabinetRight[] = [
	'General_Search',
	'General_DisplayDocument',
	'General_Store',
	'General_Edit',
	'General_EditDocuments',
	'General_DeleteDocuments',
	'General_Append',
	'General_Checkout',
	'General_Export',
	'Annotation_New',
	'Annotation_Delete',
	'Annotation_All',
	'Annotation_Stamp_New',
];

export type DialogType =
	'Search' | 'Store' | 'ResultList' | 'ResultTree' | 'InfoDialog' | 'TaskList';

/** A field as one dialog shows it. */
export interface DialogField {
	/** Name of the cabinet's field. */
	name: string;
	/** Absent: the label of the cabinet. */
	label?: string;
	/** Mandatory in this dialog, even if the cabinet does not ask for it. */
	notEmpty?: boolean;
	readOnly?: boolean;
	/** Default true. */
	visible?: boolean;
	/** Values to choose from. */
	selectList?: string[];
	/** Nothing but an entry of the select list may be stored. */
	selectListOnly?: boolean;
}

/** A dialog of a file cabinet (docs/facts/docuware.md 6.1). */
export interface SimulatedDialog {
	id: string;
	displayName: string;
	type: DialogType;
	isDefault: boolean;
	isForMobile?: boolean;
	/** The result list or info dialog that belongs to it. */
	assignedDialogId?: string;
	/** Absent: all fields of the cabinet, without a select list. */
	fields?: DialogField[];
	/** Names of users who may not use it. */
	deniedUsers?: string[];
}

/** A stamp (docs/facts/docuware.md 7.4). */
export interface SimulatedStamp {
	id: string;
	name: string;
	/** Whoever places it has to give it; absent: nobody has. */
	password?: string;
	/** Fields that are filled in when it is placed, by their name such as `<#1>`. */
	formFields: Array<{ name: string; label: string; notEmpty: boolean; length: number }>;
}

/** A link from a document to those of a cabinet that have the same value in a field (7.4). */
export interface SimulatedDocumentLink {
	id: string;
	name: string;
	/** Name of the field in both cabinets. */
	field: string;
	targetCabinetId: string;
	/** The target is gone. */
	isInvalid?: boolean;
}

/** A file cabinet, or a document tray (`isBasket`, id prefix `b_`). */
export interface SimulatedFileCabinet {
	id: string;
	name: string;
	organizationId: string;
	isBasket: boolean;
	fields: SimulatedField[];
	dialogs: SimulatedDialog[];
	/** Default true for a cabinet, false for a tray. */
	hasFullText?: boolean;
	/** Stamps that may be placed on its documents. */
	stamps?: SimulatedStamp[];
	/** Links to documents that have a field in common. */
	documentLinks?: SimulatedDocumentLink[];
	/** Default `Disable`. */
	versionManagement?: 'Disable' | 'Manual' | 'Automatic';
}

/** The dialog of all fields that every user has (docs/facts/docuware.md 6.1). */
export const allFieldsDialogId = '00000000-0000-0000-0000-000000000000';

/** A cabinet with one dialog of each of the three usual types, which show all fields. */
export function cabinet(
	id: string,
	name: string,
	organizationId: string,
	fields: SimulatedField[],
	more: Partial<SimulatedFileCabinet> = {},
): SimulatedFileCabinet {
	const result = `${id.slice(0, -1)}3`;
	return {
		id,
		name,
		organizationId,
		isBasket: false,
		fields: [...fields, ...systemFields],
		dialogs: [
			{
				id: `${id.slice(0, -1)}1`,
				displayName: 'Search',
				type: 'Search',
				isDefault: true,
				assignedDialogId: result,
			},
			{ id: `${id.slice(0, -1)}2`, displayName: 'Store', type: 'Store', isDefault: true },
			{ id: result, displayName: 'Result list', type: 'ResultList', isDefault: true },
		],
		...more,
	};
}

/** A stamp with a mandatory field and one with a password; each call returns fresh ones. */
export function usualStamps(): SimulatedStamp[] {
	return [
		{
			id: '9c1e4b7a-5d20-4f83-8b6e-0a2d4c6e8f01',
			name: 'Approved',
			formFields: [{ name: '<#1>', label: 'Cost centre', notEmpty: true, length: 20 }],
		},
		{
			id: '9c1e4b7a-5d20-4f83-8b6e-0a2d4c6e8f02',
			name: 'Paid',
			password: 'stamp secret',
			formFields: [],
		},
	];
}

/** A document tray: fields of the system only, no dialogs. */
export function tray(id: string, name: string, organizationId: string): SimulatedFileCabinet {
	return {
		id: `b_${id}`,
		name,
		organizationId,
		isBasket: true,
		fields: [...systemFields],
		dialogs: [],
	};
}

/** A field of a cabinet by its name, without regard to case. */
export function fieldOf(
	{ fields }: { fields: readonly SimulatedField[] },
	name: string,
): SimulatedField | undefined {
	const wanted = name.toLowerCase();
	return fields.find(({ DBFieldName: own }) => own.toLowerCase() === wanted);
}
