import { passOn } from '../../shared/errors';
import type { DocuWareSession } from '../auth/session/sessionTypes';

/** What one run of the node asks DocuWare once for all of its items. */
export class RunMemory {
	private readonly asked = new Map<string, Promise<unknown>>();

	/** Whether a question was asked, and is answered or about to be. */
	knows({ baseUrl, userKey }: Pick<DocuWareSession, 'baseUrl' | 'userKey'>, question: string) {
		return this.asked.has(JSON.stringify([baseUrl, userKey, question]));
	}

	/**
	 * The answer to a question, asked the first time only; one that fails is asked again.
	 *
	 * @param session whose user asks: others may get another answer
	 * @param question what is asked, unmistakably, such as `stamps of {cabinet}`
	 */
	async once<T>(
		{ baseUrl, userKey }: Pick<DocuWareSession, 'baseUrl' | 'userKey'>,
		question: string,
		ask: () => Promise<T>,
	): Promise<T> {
		const key = JSON.stringify([baseUrl, userKey, question]);
		const known = this.asked.get(key) as Promise<T> | undefined;
		if (known !== undefined) return await known;
		const answer = ask();
		this.asked.set(key, answer);
		try {
			return await answer;
		} catch (error) {
			this.asked.delete(key);
			passOn(error);
		}
	}
}
