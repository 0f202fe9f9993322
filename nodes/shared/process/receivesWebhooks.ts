import { basename } from 'node:path';

/** Whether this process is n8n's main one, or one of those that take webhooks; not a worker or a command. */
export function receivesWebhooks(argv: readonly string[] = process.argv): boolean {
	const [, program = '', command = 'start'] = argv;
	const isStart = command.startsWith('-') || command === 'start' || command === 'webhook';
	return basename(program) === 'n8n' && isStart;
}
