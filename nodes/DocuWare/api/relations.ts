import { isConnectorError, passOn } from '../../shared/errors';
import { linkIn, ownLinkOf } from '../platform/links';
import { linksOf } from '../platform/platformAnswers';
import type { PlatformClient, PlatformResource } from './platformClient';
import type { RunMemory } from './runMemory';

/** Something that a resource has. */
export interface Relation {
	/** The path at which it usually is. */
	usual: string;
	/** Name of the resource's own link to it. */
	rel: string;
	/** The link that has it in other versions. */
	orRel?: string;
	/** Of the request; a parameter of the same name in a link gives way. */
	query?: ReadonlyArray<readonly [name: string, value: string]>;
}

/** The same of a resource that has to be read for its links. */
export interface Below extends Relation {
	/** Path of the resource, which its ID alone tells. */
	owner: string;
	/** Resources that are alike, such as the documents of one file cabinet. */
	kind: string;
	/** True where a server without the resource may have what is wanted of it all the same. */
	isOptional?: boolean;
}

/** Something of the organization of the session, by its own link; see `addressBelow`. */
export function belowOrganization(rel: string, usual: string, query: Below['query'] = []): Below {
	const organization = { owner: 'Organization', kind: 'organization', isOptional: true };
	return { ...organization, rel, usual, query };
}

/** Who asks, and in which run of the node. */
export interface Asker {
	client: PlatformClient;
	memory: RunMemory;
	signal: AbortSignal | undefined;
}

/** What a resource says of a relation. */
interface Told {
	owner: string;
	/** Undefined where it has no such link, or one to another server. */
	link: URL | undefined;
	/** Whether it is where it usually is, as far as the resource says. */
	isUsual: boolean;
}

interface Place {
	url: URL;
	/** What the resource itself says; undefined where another of its kind was asked. */
	told: Told | undefined;
}

/** Links by their names in lower case. */
type Links = ReadonlyMap<string, string>;

/**
 * The address of something that a resource has: where its own link leads, else where it usually is. Of resources that are
 * alike the first one of a run is read for its links; where those lead to the usual place, the others are not read.
 *
 * @throws ConnectorError of the reading
 */
export async function addressBelow(asker: Asker, below: Below): Promise<URL> {
	return (await placeOf(asker, below)).url;
}

/**
 * Where a resource's own link leads; undefined where it gives none.
 * @throws ConnectorError of the reading
 */
export async function linkBelow(asker: Asker, below: Below): Promise<URL | undefined> {
	return (await tell(asker, below)).link;
}

/** The same as `addressBelow` for a resource that is known; undefined stands for one that nobody has read. */
export function addressIn(
	client: PlatformClient,
	resource: PlatformResource | undefined,
	relation: Relation,
): URL {
	const { rel, orRel = '' } = relation;
	const { session } = client;
	const link = linkIn(session, resource, rel) ?? linkIn(session, resource, orRel);
	return addressOf(client, relation, link);
}

/**
 * Asks for something that a resource has.
 *
 * @returns undefined where the resource is there and has nothing of the kind
 * @throws ConnectorError of `ask`; DOCUWARE_NOT_FOUND where the resource itself is not there
 */
export async function askBelow<T>(
	asker: Asker,
	below: Below,
	ask: (url: URL) => Promise<T>,
): Promise<T | undefined> {
	const { url, told } = await placeOf(asker, below);
	try {
		return await ask(url);
	} catch (error) {
		if (!isConnectorError(error) || error.code !== 'DOCUWARE_NOT_FOUND') passOn(error);
	}
	if (told !== undefined) return undefined;
	const own = await tell(asker, below);
	return own.isUsual ? undefined : await ask(addressOf(asker.client, below, own.link));
}

async function placeOf(asker: Asker, below: Below): Promise<Place> {
	const { client, memory } = asker;
	const question = JSON.stringify(['relation', below.kind, below.rel]);
	let isAsked = false;
	const first = await memory
		.once(client.session, question, async () => {
			isAsked = true;
			return await tell(asker, below);
		})
		// Another of its kind, asked at the same time, may be gone or fail in its own way.
		.catch(async (error: unknown) => (isAsked ? passOn(error) : await tell(asker, below)));
	if (first.owner !== below.owner && first.isUsual) {
		return { url: addressOf(client, below), told: undefined };
	}
	const told = first.owner === below.owner ? first : await tell(asker, below);
	return { url: addressOf(client, below, told.link), told };
}

async function tell(asker: Asker, below: Below): Promise<Told> {
	const { owner, usual, rel, orRel = '' } = below;
	const { client } = asker;
	const links = await linksOfOwner(asker, below);
	const link = ownLinkOf(
		client.session,
		links.get(rel.toLowerCase()) ?? links.get(orRel.toLowerCase()),
	);
	const plain = (url: URL) => url.pathname.toLowerCase();
	const isUsual = link === undefined || plain(link) === plain(client.address(usual));
	return { owner, link, isUsual };
}

/** The first one of its kind is read once, however many of its links are asked for. */
async function linksOfOwner(asker: Asker, below: Below): Promise<Links> {
	const { client, memory } = asker;
	const { owner, kind } = below;
	let isRead = false;
	const first = await memory
		.once(client.session, JSON.stringify(['links', kind]), async () => {
			isRead = true;
			return { owner, links: await readLinks(asker, below) };
		})
		.catch((error: unknown) => (isRead ? passOn(error) : undefined));
	return first?.owner === owner ? first.links : await readLinks(asker, below);
}

const NONE = new Set([
	'DOCUWARE_FORBIDDEN',
	'DOCUWARE_BAD_REQUEST',
	'DOCUWARE_GONE',
	'DOCUWARE_NOT_FOUND',
	'DOCUWARE_SERVER_ERROR',
	'DOCUWARE_UNEXPECTED_ANSWER',
	'DOCUWARE_VALIDATION',
]);

/** Whether a server that was asked does not give a resource: it lacks it, withholds it, or has trouble with it alone. */
export function saysNone(error: unknown): boolean {
	return isConnectorError(error) && NONE.has(error.code);
}

async function readLinks(
	{ client, signal }: Asker,
	{ owner, isOptional = false }: Below,
): Promise<Links> {
	const resource = await client.read({ path: owner, signal }).catch((error: unknown) => {
		if (!isConnectorError(error)) passOn(error);
		// Who may not read the resource may be allowed all the same what is wanted of it.
		if (error.code === 'DOCUWARE_FORBIDDEN' || (isOptional && saysNone(error))) return {};
		passOn(error);
	});
	return linksOf(resource);
}

function addressOf(client: PlatformClient, { usual, query = [] }: Relation, link?: URL): URL {
	const url = link === undefined ? client.address(usual) : new URL(link);
	for (const [name, value] of query) {
		const same = [...url.searchParams.keys()].filter(
			(other) => other.toLowerCase() === name.toLowerCase(),
		);
		for (const other of same) url.searchParams.delete(other);
		url.searchParams.append(name, value);
	}
	return url;
}
