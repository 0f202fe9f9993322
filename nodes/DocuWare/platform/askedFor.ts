/** What was asked, for the words of an error. */
export interface AskedFor {
	/** In capitals. */
	method: string;
	/** Path below the Platform, without query. */
	path: string;
	/** A query that is posted: it changes nothing, as a GET. */
	isQuery?: boolean;
}

/** Method and path as errors name them, behind the plain words. */
function shown({ method, path }: AskedFor): string {
	return `${method} ${path === '' ? 'the Platform' : path}`;
}

/** What a request does and what it is about, in words. */
interface Meaning {
	/** Such as `reading document 5`. */
	deed: string;
	/** Such as `document 5`. */
	thing: string;
}

/** `the request for reading document 5`; with method and path where there are no words for it. */
export function inWords(asked: AskedFor): string {
	const meaning = meaningOf(asked);
	return `the request ${meaning === undefined ? shown(asked) : `for ${meaning.deed}`}`;
}

/** What the request is about, such as `document 5`; method and path where it has no words. */
export function thingAsked(asked: AskedFor): string {
	return meaningOf(asked)?.thing ?? shown(asked);
}

/** Method and path in brackets, for the end of a sentence; empty where they stand in it already. */
export function inBrackets(asked: AskedFor): string {
	return meaningOf(asked) === undefined ? '' : ` (${shown(asked)})`;
}

/** The same with a capital at the start of a sentence. */
export function begun(words: string): string {
	return words.charAt(0).toUpperCase() + words.slice(1);
}

function meaningOf({ method, path }: AskedFor): Meaning | undefined {
	const [area = '', ...rest] = path.split('/').filter((segment) => segment !== '');
	switch (area.toLowerCase()) {
		case 'filecabinets':
			return inCabinet(method, rest);
		case 'trashbin':
			return TRASH_BIN[(rest[0] ?? '').toLowerCase()];
		case 'organization':
			return DIRECTORY[`${method} ${(rest[0] ?? '').toLowerCase()}`];
		default:
			return undefined;
	}
}

/** Paths of docs/facts/docuware.md 6 and 7. */
function inCabinet(method: string, [cabinet, area, id, below]: string[]): Meaning | undefined {
	const list = 'the list of file cabinets';
	if (cabinet === undefined) return { deed: `reading ${list}`, thing: list };
	const place = cabinet.startsWith('b_') ? 'the document tray' : 'the file cabinet';
	if (area === undefined) return { deed: `reading ${place}`, thing: place };
	switch (area.toLowerCase()) {
		case 'documents':
			return id === undefined
				? { deed: method === 'GET' ? 'reading documents' : 'storing a document', thing: place }
				: ofDocument(method, id, below?.toLowerCase());
		case 'sections':
			return ofSection(method, id, below?.toLowerCase());
		case 'dialogs':
			return id === undefined
				? { deed: `reading the dialogs of ${place}`, thing: place }
				: { deed: `reading a dialog of ${place}`, thing: 'the dialog' };
		default: {
			const known = IN_CABINET[`${area}/${id ?? ''}`.toLowerCase()];
			return { deed: known ?? `a function of ${place}`, thing: place };
		}
	}
}

const IN_CABINET: Readonly<Record<string, string>> = {
	'query/dialogexpression': 'searching documents',
	'query/countexpression': 'counting documents',
	'query/selectlistexpression': 'reading a select list',
	'operations/batchdocumentsupdatefields': 'changing several documents',
	'operations/contentmerge': 'putting documents together',
	'operations/contentdivide': 'taking a document apart',
	'operations/processdocumentaction': 'undoing a check-out',
	'task/transfer': 'copying or moving documents',
	'stamps/': 'reading the stamps',
};

/** What is done with a document, by method and what stands below it; `*` is any method. */
const OF_DOCUMENT: Readonly<Record<string, string>> = {
	'GET ': 'reading',
	'DELETE ': 'deleting',
	'POST ': 'adding a file to',
	'* fields': 'changing the index fields of',
	'* filedownload': 'reading the file of',
	'* thumbnail': 'reading the thumbnail of',
	'GET annotation': 'reading the annotations of',
	'POST annotation': 'annotating',
	'GET documentapplicationproperties': 'reading the application properties of',
	'POST documentapplicationproperties': 'changing the application properties of',
	'POST lock': 'locking',
	'DELETE lock': 'unlocking',
	'* checkouttofilesystem': 'checking out',
	'* checkinfromfilesystem': 'checking in',
	'* rights': 'reading the rights to',
	'* suggestions': 'reading the suggestions for',
	'* workflowhistory': 'reading the history of',
	'* documentlinks': 'reading the links of',
};

function ofDocument(method: string, id: string, below = ''): Meaning | undefined {
	const doing = OF_DOCUMENT[`${method} ${below}`] ?? OF_DOCUMENT[`* ${below}`];
	const thing = `document ${id}`;
	return doing === undefined ? undefined : { deed: `${doing} ${thing}`, thing };
}

const OF_SECTION: Readonly<Record<string, string>> = {
	'GET ': 'reading',
	'DELETE ': 'deleting',
	'GET data': 'reading the file of',
	'POST data': 'replacing the file of',
	'GET textshot': 'reading the text of',
};

function ofSection(method: string, id: string | undefined, below = ''): Meaning | undefined {
	if (id === undefined) {
		const deed = method === 'GET' ? 'reading the files of a document' : 'adding a file';
		return { deed, thing: 'the document' };
	}
	const doing = OF_SECTION[`${method} ${below}`];
	const thing = `section ${id}`;
	return doing === undefined ? undefined : { deed: `${doing} ${thing}`, thing };
}

const TRASH_BIN: Readonly<Record<string, Meaning>> = {
	query: { deed: 'searching the trash bin', thing: 'the trash bin' },
	batchdelete: { deed: 'deleting from the trash bin', thing: 'the trash bin' },
	batchrestore: { deed: 'restoring from the trash bin', thing: 'the trash bin' },
};

/** Paths of docs/facts/docuware.md 8.1. */
const DIRECTORY: Readonly<Record<string, Meaning>> = {
	'GET ': { deed: 'reading the organization', thing: 'the organization' },
	'GET users': { deed: 'reading the users', thing: 'the list of users' },
	'GET userbyid': { deed: 'reading a user', thing: 'the user' },
	'GET groups': { deed: 'reading the groups', thing: 'the list of groups' },
	'GET roles': { deed: 'reading the roles', thing: 'the list of roles' },
	'GET usergroups': { deed: 'reading the groups of a user', thing: 'the user' },
	'GET userroles': { deed: 'reading the roles of a user', thing: 'the user' },
	'GET groupusers': { deed: 'reading the users of a group', thing: 'the group' },
	'GET roleusers': { deed: 'reading the users of a role', thing: 'the role' },
	'PUT usergroups': { deed: 'changing the groups of a user', thing: 'the user' },
	'PUT userroles': { deed: 'changing the roles of a user', thing: 'the user' },
};
