import { parseObject } from '../../../shared/http';
import { rememberLatest } from '../../../shared/process/rememberLatest';
import { itemLock, putItem, readItem } from '../../../shared/vault/rows/items';
import { itemScope } from '../../../shared/vault/rows/itemScopes';
import type { Vault } from '../../../shared/vault/vault';
import type { ServerConnection } from '../../platform/serverAddress';
import { placeOf } from '../../platform/serverAddress';

/** Facts of this age are asked for again, in the background; and this long after a failure, in milliseconds. */
const AGE_MS = 86_400_000;
const RETRY_MS = 60_000;

/** What is no longer used is found out anew. */
const KEPT_MS = 90 * 86_400_000;

/** So many servers are remembered without asking the vault. */
const MOST_REMEMBERED = 500;

/** Something that a server has said of itself, no secret in it. */
interface AgedFact {
	/** When it said so (wall clock, ms); earlier builds did not note it. */
	askedAt?: number;
}

/** What a server says, and whether it is certain enough to be remembered. */
export interface ServerAnswer<Fact> {
	facts: Fact;
	isCertain: boolean;
}

/** One kind of facts, and where they are kept. */
export interface FactKind<Fact extends AgedFact> {
	scope: string;
	/** For what a server has said over a certificate that nobody checked: for credentials that check none. */
	uncheckedScope: string;
	/** What this process remembers. */
	memory: () => Map<string, Fact>;
	/**
	 * Asks the server.
	 * @param known what its answer would replace
	 * @param vault where requests are counted that a server limits
	 */
	ask: (
		connection: ServerConnection,
		known: Fact | undefined,
		vault: Vault,
	) => Promise<ServerAnswer<Fact>>;
}

/** What tells one server from another, and who believes what it says. */
type Server = Pick<ServerConnection, 'address' | 'ignoreSslIssues' | 'identityServiceUrl'>;

/** The names under which the vault keeps facts of a kind. */
export function factScopes(name: string): Pick<FactKind<AgedFact>, 'scope' | 'uncheckedScope'> {
	return {
		scope: itemScope(name, KEPT_MS),
		uncheckedScope: itemScope(`${name}, any certificate`, KEPT_MS),
	};
}

/**
 * How long ago a server said so, in milliseconds; Infinity where nobody knows. A time that is still to come was noted
 * by a clock that was ahead: such a fact would be believed until then, and that time beyond.
 */
export function ageOf({ askedAt = -Infinity }: AgedFact): number {
	const age = Date.now() - askedAt;
	return age < 0 ? Infinity : age;
}

/**
 * What is known of a server: asked once, and again in the background once a day. Where that fails passingly
 * what was known stays, and is asked for again after a minute.
 * @throws what asking throws, where nothing is known
 */
export async function agedFact<Fact extends AgedFact>(
	kind: FactKind<Fact>,
	vault: Vault,
	connection: ServerConnection,
): Promise<Fact> {
	const known = await knownFact(kind, vault, connection);
	if (known === undefined) return (await askAnew(kind, vault, connection)).facts;
	if (ageOf(known) >= AGE_MS) renewSoon(kind, vault, connection, known);
	return known;
}

/** Asks a server in any case, and remembers what is certain in the place of what is known. */
export async function askAnew<Fact extends AgedFact>(
	kind: FactKind<Fact>,
	vault: Vault,
	connection: ServerConnection,
	known?: Fact,
): Promise<ServerAnswer<Fact>> {
	const answer = await kind.ask(connection, known, vault);
	if (answer.isCertain) await rememberFact(kind, vault, connection, answer.facts);
	return answer;
}

/** Asks again in the background. Until that is answered, and for a minute after a failure, nobody else does. */
function renewSoon<Fact extends AgedFact>(
	kind: FactKind<Fact>,
	vault: Vault,
	connection: ServerConnection,
	known: Fact,
): void {
	const facts = { ...known, askedAt: Date.now() - AGE_MS + RETRY_MS };
	rememberLatest(kind.memory(), memoryKey(vault, connection), facts, MOST_REMEMBERED);
	void askAnew(kind, vault, connection, known).catch(() => undefined);
}

/** Replaces what is known of a server. */
export async function rememberFact<Fact extends AgedFact>(
	kind: FactKind<Fact>,
	vault: Vault,
	connection: Server,
	facts: Fact,
): Promise<void> {
	const scope = scopeOf(kind, connection);
	const place = keptAt(connection);
	const lock = itemLock(scope, place);
	await vault.write(() => putItem(scope, place, JSON.stringify(facts)), { lock });
	rememberLatest(kind.memory(), memoryKey(vault, connection), facts, MOST_REMEMBERED);
}

/**
 * What this process or the vault remembers of a server; sends nothing. A server's word names the address
 * that passwords go to, so what came over an unchecked certificate is worth nothing to a credential
 * that checks it.
 */
export async function knownFact<Fact extends AgedFact>(
	kind: FactKind<Fact>,
	vault: Vault,
	connection: Server,
): Promise<Fact | undefined> {
	const key = memoryKey(vault, connection);
	const facts = kind.memory().get(key) ?? (await readFact(kind, vault, connection));
	if (facts !== undefined) rememberLatest(kind.memory(), key, facts, MOST_REMEMBERED);
	return facts;
}

async function readFact<Fact extends AgedFact>(
	kind: FactKind<Fact>,
	vault: Vault,
	connection: Server,
): Promise<Fact | undefined> {
	const item = await vault.read(() => readItem(scopeOf(kind, connection), keptAt(connection)));
	return item === undefined ? undefined : (parseObject(item.value) as Fact | undefined);
}

function scopeOf<Fact extends AgedFact>(kind: FactKind<Fact>, { ignoreSslIssues }: Server): string {
	return ignoreSslIssues ? kind.uncheckedScope : kind.scope;
}

function keptAt({ address, identityServiceUrl }: Server): string {
	return placeOf(address.baseUrl, identityServiceUrl);
}

function memoryKey({ vaultId }: Vault, connection: Server): string {
	const trust = connection.ignoreSslIssues ? 'any certificate|' : '';
	return `${vaultId}|${trust}${keptAt(connection)}`;
}
