import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** Gives a file to whoever asks, and keeps what is sent to it. */
export class FileServer {
	/** What was sent, in order. */
	readonly received: Buffer[] = [];

	private constructor(private readonly server: Server) {}

	static async start(file: Buffer, contentType: string): Promise<FileServer> {
		const server = createServer((request, response) => {
			if (request.method === 'GET') {
				response.writeHead(200, { 'content-type': contentType }).end(file);
				return;
			}
			void buffer(request).then((body) => {
				files.received.push(body);
				response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
			});
		});
		const files = new FileServer(server);
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		return files;
	}

	/** Address of the file, by the name that is given. */
	url(name: string): string {
		const { port } = this.server.address() as AddressInfo;
		return `http://127.0.0.1:${port}/${encodeURIComponent(name)}`;
	}

	async close(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise((resolve) => this.server.close(resolve));
	}
}
