import { isConnectorError, passOn } from '../../shared/errors';
import { linksOf } from '../platform/platformAnswers';
import { linkAddress } from '../platform/serverAddress';
import type { PlatformClient } from './platformClient';
import type { RunMemory } from './runMemory';

/** Something that a resource has, and where. */
export interface Below {
	/** Path of the resource, which its ID alone tells. */
	owner: string;
	/** Resources that are alike, such as the documents of one file cabinet. */
	kind: string;
	/** The path at which it usually is. */
	usual: string;
	/** Name of the resource's own link to it. */
	rel: string;
	/** The link that has it in other versions. */
	orRel?: string;
	/** Of the request; a parameter of the same name in a link gives way. */
	query?: ReadonlyArray<readonly [name: string, value: string]>;
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
	/** Undefined where it has no such link. */
	href: string | undefined;
	/** Whether it is where it usually is, as far as the resource says. */
	isUsual: boolean;
}

interface Place {
	url: URL;
	/** What the resource itself says; undefined where another of its kind was asked. */
	told: Told | undefined;
}

/**
 * The address of something that a resource has: where its own link leads, else where it usually is. Of resources that are
 * alike the first one of a run is read for its link; where that leads to the usual place, the others are not read.
 *
 * @throws ConnectorError of the reading, DOCUWARE_FOREIGN_HOST
 */
export async function addressBelow(asker: Asker, below: Below): Promise<URL> {
	return (await placeOf(asker, below)).url;
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
	return own.isUsual ? undefined : await ask(addressOf(asker, below, own));
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
		return { url: addressOf(asker, below), told: undefined };
	}
	const told = first.owner === below.owner ? first : await tell(asker, below);
	return { url: addressOf(asker, below, told), told };
}

async function tell({ client, signal }: Asker, { owner, usual, rel, orRel }: Below): Promise<Told> {
	const resource = await client.read({ path: owner, signal }).catch((error: unknown) => {
		// Who may not read the resource may be allowed all the same what is wanted of it.
		if (isConnectorError(error) && error.code === 'DOCUWARE_FORBIDDEN') return {};
		passOn(error);
	});
	const links = linksOf(resource);
	const href = links.get(rel.toLowerCase()) ?? links.get(orRel?.toLowerCase() ?? '') ?? '';
	if (href === '') return { owner, href: undefined, isUsual: true };
	const plain = (url: URL) => url.pathname.toLowerCase();
	const isUsual = plain(linkAddress(client.session, href)) === plain(client.address(usual));
	return { owner, href, isUsual };
}

function addressOf({ client }: Asker, { usual, query = [] }: Below, told?: Told): URL {
	const url =
		told?.href === undefined ? client.address(usual) : linkAddress(client.session, told.href);
	for (const [name, value] of query) {
		const same = [...url.searchParams.keys()].filter(
			(other) => other.toLowerCase() === name.toLowerCase(),
		);
		for (const other of same) url.searchParams.delete(other);
		url.searchParams.append(name, value);
	}
	return url;
}
