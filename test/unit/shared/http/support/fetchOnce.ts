import { send } from '../../../../../nodes/shared/http';

/** Child process of a test: prints status and body of the URL given as argument. */
async function main(): Promise<void> {
	const answer = await send({ method: 'GET', url: process.argv[2] ?? '', connection: 'fresh' });
	process.stdout.write(`${answer.status} ${answer.body}`);
}

main().catch((error: unknown) => {
	process.stdout.write(String(error));
	process.exitCode = 1;
});
