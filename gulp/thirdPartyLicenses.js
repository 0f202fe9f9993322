'use strict';

const { existsSync } = require('node:fs');
const { readdir, readFile, writeFile } = require('node:fs/promises');
const { dirname, join } = require('node:path');

const separator = '-'.repeat(100);

/**
 * Writes the licence notice of all libraries that went into the bundle.
 *
 * @param {string[]} bundledFiles absolute paths of library files
 * @param {string} noticeFile where to write
 * @throws {Error} if a library brings no licence text
 */
async function writeThirdPartyLicenses(bundledFiles, noticeFile) {
	const folders = [...new Set(bundledFiles.map(packageFolderOf))];
	const notices = await Promise.all(folders.map(noticeOf));
	const unique = [...new Map(notices.map((notice) => [notice.title, notice])).values()];
	unique.sort((a, b) => a.title.localeCompare(b.title, 'en'));

	const header =
		unique.length === 0
			? 'This package contains no third-party libraries.\n'
			: 'This package contains the following third-party libraries.\n';
	const parts = unique.map(
		({ title, text }) => `${separator}\n${title}\n${separator}\n\n${text}\n`,
	);
	await writeFile(noticeFile, [header, ...parts].join('\n'));
}

/** The nearest folder above a library file whose package.json has name and version. */
function packageFolderOf(file) {
	for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
		const manifest = join(folder, 'package.json');
		if (existsSync(manifest)) {
			const { name, version } = require(manifest);
			if (name && version) return folder;
		}
	}
	throw new Error(`No package.json with name and version above ${file}`);
}

async function noticeOf(folder) {
	const { name, version, license } = require(join(folder, 'package.json'));
	const title = `${name} ${version} (${license})`;
	const entries = await readdir(folder);
	const texts = entries
		.filter((entry) => /^(licen[cs]e|copying|notice)(\.|-|$)/i.test(entry))
		.sort();
	if (texts.length > 0) {
		const contents = await Promise.all(texts.map((entry) => readFile(join(folder, entry), 'utf8')));
		return { title, text: contents.map((text) => text.trim()).join('\n\n') };
	}
	const fromReadme = await licenceSectionOfReadme(folder, entries);
	if (fromReadme) return { title, text: fromReadme };
	throw new Error(
		`${name} ${version} has no licence file and no licence section in its README, so the ` +
			'third-party notice would be incomplete.',
	);
}

async function licenceSectionOfReadme(folder, entries) {
	const readme = entries.find((entry) => /^readme(\.|$)/i.test(entry));
	if (!readme) return undefined;
	const text = await readFile(join(folder, readme), 'utf8');
	const start = text.search(/^(#+\s*licen[cs]e\b|licen[cs]e\s*\n[-=]+)/im);
	return start < 0 ? undefined : text.slice(start).trim();
}

module.exports = { writeThirdPartyLicenses };
