/**
 * The simulator of DocuWare in a process of its own, with a file cabinet of many documents, behind a server that keeps
 * each page as it was given first: so a page costs next to nothing, and what is measured is the client.
 */
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

import { startDocuWareSimulator, type DocuWareSimulator } from '../../test/simulators/DocuWare';
import { answerCalls } from '../../test/support/processes/answerCalls';
import { INVOICES } from './invoices';

interface KeptAnswer {
	status: number;
	headers: Record<string, string>;
	body: Buffer;
}

const kept = new Map<string, KeptAnswer>();

let simulator: DocuWareSimulator;

answerCalls({
	/** Starts both; gives the address. */
	async open(documents: number): Promise<string> {
		simulator = await startDocuWareSimulator();
		for (let at = 0; at < documents; at += 1) {
			simulator.state.documents.add({
				fileCabinetId: INVOICES,
				values: {
					...{ COMPANY: `Bäckerei Visser ${at}`, DOCTYPE: 'Invoice', AMOUNT: at / 4 },
					...{ INVOICEDATE: 1_775_520_000_000, KEYWORDS: ['paid', 'urgent'], INVOICENO: at },
					REMARKS: 'Paid twice (see the reminder)',
				},
				storedBy: 'api',
				storedAt: 1_775_561_400_000,
			});
		}
		// No connection ends while the other ways have their turns.
		const server = createServer({ keepAliveTimeout: 600_000 });
		server.on('request', (asked: IncomingMessage, answer: ServerResponse) => {
			void handle(asked, answer);
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	},
});

async function handle(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
	const body = await buffer(asked);
	const isSearch = /\/Query\//.test(asked.url ?? '');
	const key = `${asked.url}|${body.toString()}`;
	const known = isSearch ? kept.get(key) : undefined;
	const { status, headers, body: said } = known ?? (await passOn(asked, body));
	if (isSearch && status === 200) kept.set(key, { status, headers, body: said });
	answer.writeHead(status, headers).end(said);
}

async function passOn(asked: IncomingMessage, body: Buffer): Promise<KeptAnswer> {
	const sent = request(`${simulator.url}${asked.url}`, {
		method: asked.method,
		headers: asked.headers,
	});
	sent.end(body);
	const answer = await new Promise<IncomingMessage>((resolve, reject) => {
		sent.once('response', resolve);
		sent.once('error', reject);
	});
	const said = await buffer(answer);
	const { 'transfer-encoding': _coding, connection: _connection, ...headers } = answer.headers;
	return {
		status: answer.statusCode ?? 500,
		headers: headers as Record<string, string>,
		body: said,
	};
}
