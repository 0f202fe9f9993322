import { request, type Agent } from 'node:http';

/** How a bare request is sent. */
export interface BareRequest {
	method: 'GET' | 'POST';
	token: string;
}

/** The least that a client does for one exchange: the text of its answer. @throws Error for a status of 300 or more */
export async function exchange(
	{ method, token }: BareRequest,
	agent: Agent,
	url: string,
	body: string | undefined,
): Promise<string> {
	return await new Promise((resolve, reject) => {
		const headers = {
			Accept: 'application/json',
			Authorization: `Bearer ${token}`,
			...(body !== undefined && { 'Content-Type': 'application/json' }),
		};
		const outgoing = request(url, { method, agent, headers }, (answer) => {
			const chunks: Buffer[] = [];
			answer.on('data', (chunk: Buffer) => chunks.push(chunk));
			answer.once('error', reject);
			answer.once('end', () => {
				const text = Buffer.concat(chunks).toString('utf8');
				if ((answer.statusCode ?? 0) < 300) resolve(text);
				else reject(new Error(`${answer.statusCode} ${text.slice(0, 200)}`));
			});
		});
		outgoing.once('error', reject);
		outgoing.end(body);
	});
}
