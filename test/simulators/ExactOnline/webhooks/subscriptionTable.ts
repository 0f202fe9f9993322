import { ODataError } from '../odata/errors';
import type { EdmType, Row } from '../odata/edm';
import { ValidationError } from '../odata/validation';
import type { ExactOnlineSwitches } from '../switches';
import { endpointFacts } from '../world/endpointFacts';
import type { EntityTable, TableContext } from '../world/entityTable';
import { setByService, setByServiceOnUpdate } from '../world/serverFields';
import type { RowSet } from '../world/rowSet';
import type { World } from '../world/world';
import { isAtRedirect } from './callbackDomain';
import { topicEndpoint } from './topics';

/** Where subscriptions are. */
export const SUBSCRIPTIONS = 'webhooks/WebhookSubscriptions';

/** The one topic that may be told of at once. */
const INSTANT_TOPIC = 'GoodsDeliveries';

interface SubscriptionRules {
	world: World;
	switches: Readonly<ExactOnlineSwitches>;
	/** Posts an empty body to an address; gives the status of the answer, undefined if none came. */
	tryCallback: (url: string, clientId: string) => Promise<number | undefined>;
	accepts: (status: number | undefined) => boolean;
}

/** `webhooks/WebhookSubscriptions`, each app for itself (docs/facts/exact-online.md 6). */
export function subscriptionTable(rules: SubscriptionRules): EntityTable {
	const { world, switches } = rules;
	const facts = endpointFacts(SUBSCRIPTIONS);
	const store = ({ division = 0 }: TableContext): RowSet =>
		world.records.set(division, SUBSCRIPTIONS);
	const isShown = (row: Row, { clientId }: TableContext): boolean =>
		clientId === undefined || row['ClientID'] === clientId;
	const beforeInsert = (row: Row, context: TableContext): void => {
		setByService(SUBSCRIPTIONS, facts, row, context, world.records);
		row['ClientID'] = context.clientId ?? world.apps[0]?.clientId ?? null;
		row['UserID'] = context.user.userId;
		row['IsInstant'] ??= false;
	};
	return {
		...facts,
		// Newer documentation than the list of endpoints.
		fields: { ...facts.fields, IsInstant: 'Boolean' satisfies EdmType },
		path: SUBSCRIPTIONS,
		typeName: 'Exact.Web.Api.Models.Webhooks.WebhookSubscription',
		inKeyOrder: true,
		rows: (context) => store(context).rows.filter((row) => isShown(row, context)),
		store,
		isShown,
		beforeInsert,
		register: async (row, context) => {
			await checkNew(row, context, rules);
			beforeInsert(row, context);
			store(context).add(row);
			return row;
		},
		beforeUpdate: (changes, _row, context) => {
			if (switches.webhookPut === 'refused') throw new ODataError(405, 'Method not allowed.');
			checkWords({ ...changes }, context, rules);
			setByServiceOnUpdate(changes, context, world.records);
		},
	};
}

async function checkNew(row: Row, context: TableContext, rules: SubscriptionRules): Promise<void> {
	const { switches, tryCallback, accepts } = rules;
	checkWords(row, context, rules);
	if (switches.webhookDuplicateCheck === 'beforePost') refuseSecond(row, context, rules);
	const status = await tryCallback(String(row['CallbackURL']), context.clientId ?? '');
	if (!accepts(status)) {
		const word = switches.messageLanguage === 'nl' ? 'Ongeldig' : 'Invalid';
		throw new ODataError(500, `${word}: Post to callback URL endpoint returns ${status ?? 503}`);
	}
	refuseSecond(row, context, rules);
}

/** Topic, address and speed of a subscription, as far as they are given. */
function checkWords(
	{ Topic: topic, CallbackURL: url, IsInstant: isInstant }: Row,
	{ clientId }: TableContext,
	{ world, switches }: SubscriptionRules,
): void {
	const isTopic = (name: string) => topicEndpoint(name, switches.webhookMoreTopics) !== undefined;
	if (topic !== undefined && !isTopic(String(topic))) throw invalid('Topic');
	if (isInstant === true && topic !== INSTANT_TOPIC) throw invalid('IsInstant');
	if (url === undefined) return;
	const target = URL.parse(String(url));
	if (!target) throw invalid('CallbackURL');
	const isLoopback = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(target.hostname);
	const isPlainAllowed = switches.webhookLoopbackHttp && isLoopback;
	if (target.protocol !== 'https:' && !(target.protocol === 'http:' && isPlainAllowed)) {
		throw invalid('CallbackURL');
	}
	const { redirectUris = [] } = world.app(clientId ?? '') ?? {};
	if (!isAtRedirect(target, redirectUris, switches.webhookDomain)) throw invalid('CallbackURL');
}

/** One subscription per topic, division and app, whoever made it and wherever it points. */
function refuseSecond(
	row: Row,
	{ division = 0, clientId }: TableContext,
	{ world, switches }: SubscriptionRules,
): void {
	const taken = world.records
		.set(division, SUBSCRIPTIONS)
		.rows.some((one) => one['ClientID'] === clientId && one['Topic'] === row['Topic']);
	if (taken) {
		throw new ValidationError([{ kind: 'exists' }]).toODataError(500, switches.messageLanguage);
	}
}

function invalid(field: string): ValidationError {
	return new ValidationError([{ kind: 'invalid', field }]);
}
