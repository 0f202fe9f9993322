import type { Answer } from '../../shared/answers';

/** What stands between an owner and the rest of a path that a link names, by switch. */
const LINKED = 'Linked';

const LINKED_PATH = new RegExp(`^(FileCabinets/[^/]+|Organization|TrashBin)/${LINKED}/(.+)$`, 'i');

/** The list of file cabinets, which the organization links to. */
const LIST = /^filecabinets$/i;

/** The server's name inside its own network, which nobody outside can reach. */
const INSIDE = 'https://docuware.inside.invalid';

/** Paths below the platform to which a resource has a link: whoever follows it does not need to know them. */
const HAVE_LINKS: readonly RegExp[] = [
	/^filecabinets\/[^/]+\/(?:documents|sections)$/i,
	/^filecabinets\/[^/]+\/(?:documents|sections)\/[^/]+\/./i,
	/^filecabinets\/[^/]+\/(?:dialogs|operations|rendering|stamps|task)(?:\/|$)/i,
	/^organization\/(?:users|groups|roles|usergroups|userroles|groupusers)$/i,
	/^filecabinets\/[^/]+\/query\//i,
	/^trashbin\/./i,
	LIST,
];

/**
 * The path that a request means where links name other paths than usual: that of a link as it usually is.
 * @returns undefined for the usual path of something that has a link
 */
export function pathBehindLink(below: string): string | undefined {
	const linked = LINKED_PATH.exec(below);
	if (linked?.[2] !== undefined && LIST.test(linked[2])) return linked[2];
	if (linked !== null) return `${linked[1]}/${linked[2]}`;
	return HAVE_LINKS.some((pattern) => pattern.test(below)) ? undefined : below;
}

/** The answer with links to other paths than usual, or to a server that is reached under another name. */
export function withOtherLinks(answer: Answer, kind: 'other' | 'foreign'): Answer {
	const { body } = answer;
	if (typeof body !== 'string') return answer;
	if (kind === 'foreign') {
		return { ...answer, body: body.replace(/"href":"\//g, `"href":"${INSIDE}/`) };
	}
	const links =
		/("href":"[^"]*\/(?:FileCabinets\/[^/"?]+|Organization|TrashBin))\/(?!Linked\/|UserByID)/g;
	const moved = body
		.replace(links, `$1/${LINKED}/`)
		.replace(/("href":"[^"]*\/)(FileCabinets[?"])/g, `$1Organization/${LINKED}/$2`);
	return { ...answer, body: moved };
}
