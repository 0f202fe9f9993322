'use strict';

/**
 * Installs the real n8n that package.json beside this file pins, for the end-to-end tests,
 * `npm start` and `npm run demo`: about two minutes and 2.2 GB, once. A stamp file makes every
 * further call return at once; a changed package.json or Node version makes it install anew.
 *
 * Run it with the Node that will run n8n (npm scripts: the devDependency `node`), because sqlite3 is
 * compiled or downloaded for that version. No lock file: with n8n's tree `npm ci` refuses the lock that
 * `npm install` itself wrote (optional packages of other platforms are missing from it); n8n pins its
 * own packages exactly.
 */

const { spawn } = require('node:child_process');
const { createHash } = require('node:crypto');
const { closeSync, openSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { delimiter, dirname, join } = require('node:path');
const { clock, packagesIn, withProgress } = require('./progress');

/** Without scripts first: n8n's tree has dozens of install scripts, and only sqlite3's is needed. */
const steps = [
	{
		what: "n8n's packages from npm (2.2 GB; a minute or more, by your connection)",
		args: ['install', '--legacy-peer-deps', '--ignore-scripts', '--no-package-lock'],
		state: howManyAreThere,
	},
	{
		what: "n8n's database library, for this Node.js (up to two minutes where it has to be compiled)",
		args: ['rebuild', 'sqlite3', '--foreground-scripts'],
		state: () => 'sqlite3',
	},
];

/** The files of an installation, in the folder whose package.json says what is to be installed. */
function filesIn(folder) {
	return {
		manifest: join(folder, 'package.json'),
		stamp: join(folder, 'node_modules', '.installed'),
		lock: join(folder, '.install.lock'),
		log: join(folder, 'install.log'),
	};
}

function howManyAreThere(folder) {
	const { done, all } = packagesIn(join(folder, 'node_modules'));
	if (all === 0) return 'npm looks up which packages n8n needs';
	return `${done} of ${all} packages are there`;
}

/** What an installation was made for; anything else in the stamp file means: install anew. */
function wantedStamp(files) {
	const fingerprint = createHash('sha256').update(readFileSync(files.manifest)).digest('hex');
	return `${fingerprint} node-${process.versions.modules} ${process.platform}-${process.arch}\n`;
}

function isInstalled(files) {
	try {
		return readFileSync(files.stamp, 'utf8') === wantedStamp(files);
	} catch {
		return false;
	}
}

/** Runs npm in a folder with the running Node first on the PATH; output goes to the log file. */
async function npm(args, folder, log) {
	const npmCli = process.env.npm_execpath;
	const command = npmCli ? process.execPath : 'npm';
	const commandArgs = [...(npmCli ? [npmCli] : []), ...args, '--no-audit', '--no-fund'];
	const path = [dirname(process.execPath), process.env.PATH].join(delimiter);
	const child = spawn(command, commandArgs, {
		cwd: folder,
		env: { ...process.env, PATH: path, npm_config_yes: 'true' },
		stdio: ['ignore', log, log],
	});
	await new Promise((resolve, reject) => {
		child.once('error', reject);
		child.once('close', (code, signal) =>
			code === 0
				? resolve()
				: reject(new Error(`npm ${args.join(' ')} ended with ${signal ?? `exit code ${code}`}`)),
		);
	});
}

function tailOf(logFile) {
	return readFileSync(logFile, 'utf8').split('\n').slice(-40).join('\n');
}

/**
 * Installs n8n unless it is there.
 *
 * @param {string} [folder] that of the package.json which pins n8n
 * @throws {Error} with the last lines of npm's output
 */
async function installHost(folder = __dirname) {
	const files = filesIn(folder);
	if (isInstalled(files)) return;
	takeInstallLock(files.lock);
	console.log(`A real n8n is installed, once. What npm prints goes to ${files.log}.`);
	const began = performance.now();
	const log = openSync(files.log, 'w');
	try {
		for (const [index, { what, args, state }] of steps.entries()) {
			console.log(`${index + 1} of ${steps.length}: ${what} …`);
			await withProgress(
				() => state(folder),
				() => npm(args, folder, log),
			);
		}
		writeFileSync(files.stamp, wantedStamp(files));
		console.log(`n8n is installed, in ${clock(performance.now() - began)} (minutes:seconds).`);
	} catch (error) {
		throw new Error(`${error.message}\nLast lines of ${files.log}:\n${tailOf(files.log)}`, {
			cause: error,
		});
	} finally {
		closeSync(log);
		rmSync(files.lock, { force: true });
	}
}

/** Two installations in one folder would destroy each other. */
function takeInstallLock(lockFile) {
	try {
		writeFileSync(lockFile, String(process.pid), { flag: 'wx' });
	} catch {
		const holder = Number(readFileSync(lockFile, 'utf8'));
		if (isAlive(holder)) {
			throw new Error(`n8n is being installed by process ${holder}; try again when it is done.`);
		}
		writeFileSync(lockFile, String(process.pid));
	}
}

function isAlive(pid) {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return error.code === 'EPERM';
	}
}

module.exports = { installHost };

if (require.main === module) {
	installHost().catch((error) => {
		console.error(error.message);
		process.exitCode = 1;
	});
}
