'use strict';

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { closeSync, mkdirSync, openSync, readFileSync } = require('node:fs');
const { dirname, join } = require('node:path');

/** Commands that run one after another, and beside them some whose result is waited for later. */
class Steps {
	#times = [];
	#began = performance.now();

	/**
	 * @param {object} options
	 * @param {string} options.root working folder of all commands
	 * @param {(text: string) => void} [options.print] takes what is said about the steps, and the output of
	 * those that ran beside others
	 */
	constructor({ root, print = (text) => process.stdout.write(text) }) {
		this.root = root;
		this.print = print;
	}

	/** Runs a command, whose output goes to the caller's; true if it succeeded. */
	async run(name, command, env = {}) {
		this.#announce(command);
		const { succeeded, seconds } = await this.#command(command, 'inherit', env);
		this.#times.push({ name, seconds });
		return succeeded;
	}

	/**
	 * Starts a command beside the steps that follow. Its output goes to a file first.
	 *
	 * @returns a function that waits for the end, prints the whole output where the step stands among the
	 * others, and tells whether the command succeeded
	 */
	startBeside(name, command, logFile) {
		mkdirSync(dirname(logFile), { recursive: true });
		const log = openSync(logFile, 'w');
		const running = this.#command(command, ['ignore', log, log], {});
		return async () => {
			const began = performance.now();
			const { succeeded, seconds } = await running;
			const waited = (performance.now() - began) / 1000;
			closeSync(log);
			this.#announce(command);
			this.print(readFileSync(logFile, 'utf8'));
			this.#times.push({ name, seconds: waited, beside: seconds });
			return succeeded;
		};
	}

	/**
	 * A line per step: how long the steps after it had to wait for it, and where it ran beside them, how long it
	 * took itself.
	 */
	table() {
		const together = (performance.now() - this.#began) / 1000;
		const lines = [...this.#times, { name: 'together', seconds: together }].map(
			({ name, seconds, beside }) =>
				`${name.padEnd(20)}${minutes(seconds).padStart(6)}` +
				(beside === undefined ? '' : `  (${minutes(beside)} in all, beside the steps before)`),
		);
		return `\n${['step                 min:s', ...lines].join('\n')}\n\n`;
	}

	#announce(command) {
		this.print(`\n> ${command.join(' ').replaceAll(this.root, '.')}\n`);
	}

	async #command([command, ...args], stdio, env) {
		const began = performance.now();
		const child = spawn(command, args, {
			cwd: this.root,
			stdio,
			env: { ...process.env, ...env },
		});
		let succeeded = false;
		try {
			const [code] = await once(child, 'close');
			succeeded = code === 0;
		} catch (error) {
			this.print(`${error.message}\n`);
		}
		return { succeeded, seconds: (performance.now() - began) / 1000 };
	}
}

function minutes(seconds) {
	const whole = Math.round(seconds);
	return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

module.exports = { Steps };
