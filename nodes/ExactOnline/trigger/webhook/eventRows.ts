import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';
import { ConnectorError } from '../../../shared/errors';
import { isRecord } from '../../../shared/http';
import { asItemContext } from '../../../shared/node/asItemContext';
import type { TakenEvent } from '../../../shared/node/events/receivedEvents';
import type { OutputRow } from '../../../shared/node/operation';
import { isOn } from '../../../shared/node/optionsField';
import { triggerValues } from '../../../shared/node/triggerValues';
import { processState } from '../../../shared/process/processState';
import { rememberLatest } from '../../../shared/process/rememberLatest';
import type { ExactOnlineClient } from '../../api/exactOnlineClient';
import { endpointSummaries, readEndpoint } from '../../catalogue/catalogue';
import type { Endpoint } from '../../catalogue/types';
import { keyPredicate } from '../../odata/keys';
import { resources } from '../../resources';
import { createRunMemory, type RunMemory } from '../../resources/common/runMemory';
import { simplify } from '../../resources/common/simplify';
import { notFound } from '../../resources/records/findRecord';
import { outputJson, queryOf, readOutput } from '../../resources/records/outputFields';
import { withWords } from '../../resources/records/wordLists';
import { divisionOf, endpointOf, isOwnLink, ownLink } from '../../wire/apiUrl';
import type { WebhookContent } from '../../wire/webhookDelivery';
import { topicEndpoint } from '../../wire/webhookTopics';
import { openClient, type TriggerClient } from '../triggerClient';
import { changeWord } from './settings';
import { webhookForm } from './webhookFields';

/** Users and log-ins whose lists of words are kept. */
const MOST_REMEMBERED = 200;

/** What an item tells of an event, whether its record was fetched or not. */
export function eventJson(event: TakenEvent): IDataObject {
	const { topic, action, key, division, createdOn } = contentOf(event);
	return {
		recordId: key,
		change: changeWord(action),
		topic,
		division,
		eventCreatedOn: createdOn === '' ? null : createdOn,
	};
}

/**
 * The item of an event, with the record as it is now: of several deliveries that overtake each other the last
 * and the first show the same. A deleted record cannot be fetched.
 */
export async function eventRows(
	context: IWebhookFunctions,
	event: TakenEvent,
	signal: AbortSignal | undefined,
): Promise<OutputRow[]> {
	const content = contentOf(event);
	const json = eventJson(event);
	// What an expression leaves empty here becomes the item's error.
	const { context: given } = triggerValues(context, webhookForm);
	if (content.action === 'Delete' || !isOn(given.getNodeParameter('fetchRecord', true))) {
		return [{ json }];
	}
	const opened = await openClient(context);
	return [{ json: { ...json, ...(await fetchRecord(given, opened, content, signal)) } }];
}

async function fetchRecord(
	context: IWebhookFunctions,
	{ client, source }: TriggerClient,
	content: WebhookContent,
	signal: AbortSignal | undefined,
): Promise<IDataObject> {
	const { key, division } = content;
	// No token leaves the credential's host, and no other division is read, whatever the delivery says.
	const url = placeOf(content, source.baseUrl);
	const told = divisionOf(url);
	if (told !== undefined && told !== division) throw otherDivision(content, told);
	const endpoint = endpointWithKey(endpointOf(url));
	if (endpoint === undefined) {
		const { rows } = await client.follow(url, { division, signal });
		const [row] = rows;
		if (row === undefined) throw gone(content);
		return simplify(row);
	}
	const data = resources.find((one) => one.endpoint === endpoint.path)?.data;
	const item = { context: asItemContext(context), itemIndex: 0, signal };
	const memory = { ...createRunMemory(), ...wordsOf(client) };
	const call = { ...item, client, source, memory };
	const plan = await withWords(call, division, readOutput(call, endpoint, data));
	const predicate = keyPredicate(endpoint.key, key);
	const path = endpoint.path + predicate;
	const query = queryOf(plan);
	const { rows } = await client.request({ method: 'GET', path, division, query, signal });
	const [row] = rows;
	if (row === undefined) throw notFound({ endpoint, data, division }, `the key ${predicate}`);
	return outputJson(plan, row);
}

/** What is known of lists of words. */
type Words = Pick<RunMemory, 'lists' | 'listsRefused'>;

/** Each event is a run of its own: lists of words, and those that were refused, are asked for again after some minutes only. */
function wordsOf({ memoryKey }: ExactOnlineClient): Words {
	const all = processState('exactEventWords1', () => new Map<string, Words>());
	const { lists, listsRefused } = all.get(memoryKey) ?? createRunMemory();
	rememberLatest(all, memoryKey, { lists, listsRefused }, MOST_REMEMBERED);
	return { lists, listsRefused };
}

/**
 * Where the record is: as the delivery says, else, and where that is on another server, as behind a proxy, where the
 * records of the topic are.
 *
 * @throws ConnectorError EXACT_FOREIGN_LINK where that is not known
 */
function placeOf({ topic, division, endpoint }: WebhookContent, baseUrl: string): string {
	const path = topicEndpoint(topic);
	const known = path === undefined ? undefined : `${baseUrl}/api/v1/${division}/${path}`;
	const isOwn = isOwnLink(baseUrl, endpoint);
	return isOwn || known === undefined ? ownLink(baseUrl, endpoint) : known;
}

/** An endpoint whose records are read by one key. */
function endpointWithKey(path: string): Endpoint | undefined {
	const summary = endpointSummaries().get(path);
	const isRead = summary?.keyNames.length === 1 && summary.methods.includes('GET');
	return isRead && !path.startsWith('read/') ? readEndpoint(path) : undefined;
}

function contentOf({ content }: TakenEvent): WebhookContent {
	const told = isRecord(content) ? content : {};
	const text = (name: string) => String(told[name] ?? '');
	return {
		topic: text('topic'),
		clientId: text('clientId'),
		division: Number(told.division),
		action: text('action'),
		key: text('key'),
		endpoint: text('endpoint'),
		createdOn: text('createdOn'),
	};
}

function otherDivision({ division }: WebhookContent, told: number): ConnectorError {
	return new ConnectorError(
		'EXACT_FOREIGN_LINK',
		`The delivery is about division ${division} and links to division ${told}. The link was not followed.`,
		{
			repair: 'Look in Exact Online whether the record exists, and report this if it comes again.',
		},
	);
}

function gone({ topic, key, division }: WebhookContent): ConnectorError {
	return new ConnectorError(
		'EXACT_NOT_FOUND',
		`There is nothing of ${topic} with the key ${key} in division ${division}.`,
		{
			repair:
				'Nothing need be done if it was deleted since; else check the rights of the Exact user in that division.',
		},
	);
}
