import { EXACT_CREDENTIAL } from '../../e2e/support/exactHost';
import { meNode } from '../../e2e/support/exactWorkflows';
import { errorText } from '../../e2e/support/statusOf';
import { connectThroughBrowser } from '../../simulators/ExactOnline';
import {
	authorizationUrl,
	chainOf,
	createCredential,
	finishCallback,
	importWorkflow,
	manualTrigger,
	runWorkflow,
} from '../../support/n8n';
import { chosenRegion } from '../../support/exactStandIn';
import { connectedAndEnded, only } from '../support/connected';
import type { Fleet } from '../support/fleet';

const OWNER = 'Credential of the fleet';

/** Another n8n, with a database and a key of its own, keeps its secrets in the fleet's vault. */
export function sharedVault(fleet: () => Fleet): void {
	it('two n8n instances with one vault: the second credential is refused, and the first goes on', async () => {
		const { exact } = fleet();
		const { simulator } = exact;
		const other = await fleet().otherInstance();
		const connected = only(await connectedAndEnded(fleet(), [OWNER]));
		await connected.startAtOnce(2);
		expect(await fleet().endings(connected.workflow, 2)).toEqual({ success: 2 });

		// The app knows the address of the fleet alone.
		simulator.configure({ checkRedirectUri: false });
		const { clientId, clientSecret, userId, identifier } = connected.identity;
		const region = chosenRegion(simulator.url);
		const fields = { ...region, clientId, clientSecret };
		const second = await createCredential(other.client, EXACT_CREDENTIAL, 'Elsewhere', fields);
		const authUrl = await authorizationUrl(other.client, second.id);
		await finishCallback(other.client, connectThroughBrowser(simulator, { authUrl, userId }));
		simulator.configure({ checkRedirectUri: true });

		const file = chainOf('Elsewhere', [manualTrigger(), meNode(second)]);
		const { id } = await importWorkflow(other.client, file);
		const text = errorText(await runWorkflow(other.client, id));
		expect(text).toContain('[EXACT_DUPLICATE_IDENTIFIER]');
		expect(text).toContain(identifier);
		expect(text).toContain('another n8n instance');
		expect(text).not.toContain(OWNER);
		expect(text).not.toContain(connected.credential.id);

		// The log-in of the second has ended the first one's pair at Exact Online; the vault has the other one.
		await connected.startAtOnce(4);
		expect(await fleet().endings(connected.workflow, 6)).toEqual({ success: 6 });
		expect(simulator.counters.unauthorized).toBe(0);
	});
}
