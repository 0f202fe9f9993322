'use strict';

/**
 * A process that runs the packed package, as n8n would have it loaded: `argv[2]` is its folder. Each
 * message is an authorization; the answer is the token's generation or the error's code.
 */
const { join } = require('node:path');

const { exactTokenChain } = require(
	join(process.argv[2], 'dist', 'nodes', 'ExactOnline', 'auth', 'chainPolicy.js'),
);

process.on('message', async (authorization) => {
	try {
		const chain = await exactTokenChain();
		const { generation } = await chain.getToken(authorization, 'normal');
		process.send({ generation });
	} catch (error) {
		process.send({ code: error.code ?? String(error) });
	}
});

process.send('ready');
