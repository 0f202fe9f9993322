import { passOn } from '../../shared/errors';
import type { DocuWareSession } from '../auth/session/sessionTypes';

/** Whose user asks: others may get another answer. */
type Asking = Pick<DocuWareSession, 'baseUrl' | 'userKey'>;

/** What one run of the node asks DocuWare once for all of its items. */
export class RunMemory {
	private readonly asked = new Map<string, Promise<unknown>>();

	/** Whether a question was asked, and is answered or about to be, or something was noted. */
	knows(session: Asking, question: string): boolean {
		return this.asked.has(keyOf(session, question));
	}

	/** Notes that something was found out, which `knows` tells from then on. */
	note(session: Asking, question: string): void {
		this.asked.set(keyOf(session, question), Promise.resolve());
	}

	/**
	 * The answer to a question, asked the first time only; one that fails is asked again.
	 *
	 * @param question what is asked, unmistakably, such as `stamps of {cabinet}`
	 */
	async once<T>(session: Asking, question: string, ask: () => Promise<T>): Promise<T> {
		const key = keyOf(session, question);
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

function keyOf({ baseUrl, userKey }: Asking, question: string): string {
	return JSON.stringify([baseUrl, userKey, question]);
}
