import type { IPollFunctions } from 'n8n-workflow';
import { isConnectorError, passOn } from '../../errors';
import { openVault } from '../../vault/place/openVault';
import { nodeOf, settingsDigest } from '../nodeIdentity';
import { logProblem } from '../problemLog';
import { Beginning, type BeginningWish } from './beginning';
import { beginningMoment, type BeginningMoment } from './beginningMoment';
import { pollKey, type PollOccasion } from './occasion';
import { PollBatch } from './pollBatch';
import { pollIntervalOf } from './pollInterval';

/** What a poll begins with. */
export interface BegunPoll {
	batch: PollBatch;
	beginning: Beginning;
}

/** What one poll notes of where the node begins. */
export class PollBeginning {
	private readonly moment: BeginningMoment;

	private begun: BegunPoll | undefined;

	/** @param wishOf where the node begins, by its parameters alone */
	constructor(
		private readonly context: IPollFunctions,
		private readonly occasion: PollOccasion,
		private readonly wishOf: (context: IPollFunctions) => BeginningWish,
	) {
		this.moment = beginningMoment(pollKey(context), settingsDigest(context));
	}

	/**
	 * Notes the beginning where there is none.
	 * @throws ConnectorError VAULT_*
	 */
	async noted(): Promise<BegunPoll> {
		const { context, occasion, moment } = this;
		const batch = await openBatch(context, occasion === 'sample');
		const wish = this.wishOf(context);
		// With another credential there may be other things to read.
		const credentials = Object.values(context.getNode().credentials ?? {}).map(({ id }) => id);
		const settings = JSON.stringify([wish.settings, credentials]);
		const beginning = await Beginning.noted(
			batch,
			{ ...wish, settings },
			{ at: moment.at, occasion },
		);
		moment.forget();
		this.begun = { batch, beginning };
		return this.begun;
	}

	/**
	 * A poll at its time has succeeded: what began with another start is over. Not before that, since n8n may refuse after the poll of
	 * a publishing, for another trigger of the workflow. Where this fails the next poll does it.
	 */
	async settle(): Promise<void> {
		if (this.occasion === 'regular')
			await this.tried(async ({ beginning }) => await beginning.settle());
	}

	/** A publishing that was refused is none: a later one begins where it is. */
	async refuse(): Promise<void> {
		await this.tried(async ({ batch }) => await batch.undo());
	}

	/** Where this fails the node only begins earlier. */
	private async tried(step: (begun: BegunPoll) => Promise<void>): Promise<void> {
		try {
			if (this.begun) await step(this.begun);
		} catch (error) {
			if (!isConnectorError(error)) passOn(error);
			logProblem(this.context, error);
		}
	}
}

async function openBatch(context: IPollFunctions, isSample: boolean): Promise<PollBatch> {
	const node = {
		...{ identity: nodeOf(context), context },
		intervalMs: pollIntervalOf(context.getNode().parameters.pollTimes),
	};
	return new PollBatch(await openVault(), node, isSample);
}
