import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
	takeResponse,
	type HookResponse,
	type TakenResponse,
} from '../../../../nodes/shared/node/takenResponse';

/** What n8n's web server adds to a response, as far as it is used here. */
function asExpress(response: ServerResponse): HookResponse & ServerResponse {
	return Object.assign(response, {
		status(code: number) {
			response.statusCode = code;
			return response;
		},
		set: (name: string, value: string) => response.setHeader(name, value),
		json(this: ServerResponse, body: unknown) {
			this.setHeader('Content-Type', 'application/json; charset=utf-8');
			return this.end(JSON.stringify(body));
		},
	}) as never;
}

let server: Server;
let handle: (response: ReturnType<typeof asExpress>) => void;

beforeAll(async () => {
	server = createServer((_request, response) => handle(asExpress(response)));
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
	await new Promise((resolve) => server.close(resolve));
});

async function ask(): Promise<{ status: number; type: string | null; text: string }> {
	const { port } = server.address() as AddressInfo;
	const answer = await fetch(`http://127.0.0.1:${port}/`);
	return {
		status: answer.status,
		type: answer.headers.get('content-type'),
		text: await answer.text(),
	};
}

it('answers once and at once, whatever is written afterwards, and tells what n8n would have said', async () => {
	let taken: TakenResponse | undefined;
	handle = (response) => {
		taken = takeResponse(response);
		expect(taken.answer({ status: 202, body: { ok: true } })).toBe(true);
		expect(taken.answer({ status: 500 })).toBe(false);
		response.status(404);
		response.setHeader('Content-Security-Policy', 'sandbox');
		response.json({ message: 'Workflow was started' });
		response.end();
	};
	expect(await ask()).toEqual({
		status: 202,
		type: 'application/json; charset=utf-8',
		text: '{"ok":true}',
	});
	expect(await taken?.later).toEqual({ status: 404, body: { message: 'Workflow was started' } });
});

it('holds back what n8n answers first', async () => {
	handle = (response) => {
		const taken = takeResponse(response);
		response.setHeader('X-Of-N8n', '1');
		response.status(500);
		response.json({ message: 'Error in workflow' });
		void taken.later.then(({ status }) => taken.answer({ status: 200, body: { held: status } }));
	};
	expect(await ask()).toMatchObject({ status: 200, text: '{"held":500}' });
});

it('sends no body where none is given', async () => {
	handle = (response) => void takeResponse(response).answer({ status: 204 });
	expect(await ask()).toEqual({ status: 204, type: null, text: '' });
});
