'use strict';

const { rm } = require('node:fs/promises');
const { dest, parallel, series, src, watch } = require('gulp');
const { bundleLibraries } = require('./gulp/bundleLibraries');
const { compile } = require('./gulp/compile');
const { loadAtFirstUse } = require('./gulp/loadAtFirstUse');
const { writeThirdPartyLicenses } = require('./gulp/thirdPartyLicenses');
const { typeCheck } = require('./gulp/typeCheck');

const root = __dirname;
const dist = `${root}/dist`;

/** Everything that n8n reads beside the code: icons, codex files (`*.node.json`), data. */
const assets = ['icons/**/*.svg', 'nodes/**/*.{json,svg}', 'credentials/**/*.svg'];

async function clean() {
	await rm(dist, { recursive: true, force: true });
}

async function checkTypes() {
	typeCheck(`${root}/tsconfig.json`);
}

async function compileTypeScript() {
	await compile(`${root}/tsconfig.json`, dist);
}

async function bundle() {
	const bundledFiles = await bundleLibraries(root, dist);
	await writeThirdPartyLicenses(bundledFiles, `${dist}/THIRD_PARTY_LICENSES.txt`);
}

async function separateCode() {
	await loadAtFirstUse(root, dist);
}

function copyAssets() {
	return src(assets, { base: '.', encoding: false, allowEmpty: true }).pipe(dest(dist));
}

// The code is run to take its data, which other data beside it may be part of.
const make = series(parallel(series(compileTypeScript, bundle), copyAssets), separateCode);

const build = series(clean, checkTypes, make);

function watchSources() {
	return watch(['credentials/**', 'nodes/**', 'icons/**'], { ignoreInitial: false }, build);
}

exports.build = build;
/** The build for `npm test`, which checks all types in a step of its own. */
exports.buildUnchecked = series(clean, make);
exports.watch = watchSources;
exports.default = build;
