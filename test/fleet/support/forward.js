'use strict';

/**
 * `node forward.js <address to listen on> <address to lead to> <port>…`: passes connections to each port on to the same
 * port of another address. Says `ready` once it listens to all of them, and ends with its standard input.
 */

const { connect, createServer } = require('node:net');

const [listenOn, leadTo, ...ports] = process.argv.slice(2);
let waiting = ports.length;

for (const port of ports.map(Number)) {
	const server = createServer((client) => {
		const upstream = connect(port, leadTo);
		for (const socket of [client, upstream]) {
			socket.on('error', () => undefined);
			socket.on('close', () => {
				client.destroy();
				upstream.destroy();
			});
		}
		client.pipe(upstream).pipe(client);
	});
	server.listen(port, listenOn, () => {
		waiting -= 1;
		if (waiting === 0) process.stdout.write('ready\n');
	});
}

process.stdin.resume().on('end', () => process.exit());
