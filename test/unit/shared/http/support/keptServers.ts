interface Closable {
	close(): Promise<void>;
}

const open: Closable[] = [];

afterEach(async () => {
	await Promise.all(open.splice(0).map(async (server) => await server.close()));
});

/** Has a server closed after the test. */
export function keep<T extends Closable>(server: T): T {
	open.push(server);
	return server;
}
