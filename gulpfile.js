'use strict';

const { rm } = require('node:fs/promises');
const { dest, parallel, series, src, watch } = require('gulp');
const { bundleLibraries } = require('./gulp/bundleLibraries');
const { compile } = require('./gulp/compile');
const { writeThirdPartyLicenses } = require('./gulp/thirdPartyLicenses');

const root = __dirname;
const dist = `${root}/dist`;

/** Everything that n8n reads beside the code: icons, codex files (`*.node.json`), data. */
const assets = ['icons/**/*.svg', 'nodes/**/*.{json,svg}', 'credentials/**/*.svg'];

async function clean() {
	await rm(dist, { recursive: true, force: true });
}

async function compileTypeScript() {
	compile(`${root}/tsconfig.json`);
}

async function bundle() {
	const bundledFiles = await bundleLibraries(root, dist);
	await writeThirdPartyLicenses(bundledFiles, `${dist}/THIRD_PARTY_LICENSES.txt`);
}

function copyAssets() {
	return src(assets, { base: '.', encoding: false, allowEmpty: true }).pipe(dest(dist));
}

const build = series(clean, parallel(series(compileTypeScript, bundle), copyAssets));

function watchSources() {
	return watch(['credentials/**', 'nodes/**', 'icons/**'], { ignoreInitial: false }, build);
}

exports.build = build;
exports.watch = watchSources;
exports.default = build;
