import { spawn } from 'node:child_process';
import { dirname, delimiter } from 'node:path';

export interface CommandResult {
	stdout: string;
	stderr: string;
}

/**
 * Runs a command to its end with the running Node first on the PATH.
 *
 * @throws {Error} with the last lines of its output if it ends with another exit code than 0
 */
export async function runCommand(
	command: string,
	args: string[],
	cwd: string,
	env: NodeJS.ProcessEnv = process.env,
): Promise<CommandResult> {
	const path = [dirname(process.execPath), env.PATH ?? ''].join(delimiter);
	const child = spawn(command, args, { cwd, env: { ...env, PATH: path } });
	let stdout = '';
	let stderr = '';
	child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
	child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
	const code = await new Promise<number | null>((resolve, reject) => {
		child.once('error', reject);
		child.once('close', resolve);
	});
	if (code !== 0) {
		const tail = `${stdout}\n${stderr}`.trim().split('\n').slice(-40).join('\n');
		throw new Error(`${command} ${args.join(' ')} ended with exit code ${code}:\n${tail}`);
	}
	return { stdout, stderr };
}
