import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { filesBelow, projectRoot } from './projectFiles';

/** A message of an error in the source. */
export interface ErrorText {
	/** Codes that it may have; empty where a function is given the code. */
	codes: string[];
	/** Begin of the message: `{…}` stands for what is put in. */
	headline: string;
	/** The whole of it. */
	message: string;
	/** Readings of the repair beside it; none where a function is given it. */
	repairs: string[];
	/** Readings of the repair for lists, where it has one of its own. */
	listRepairs: string[];
	place: string;
}

const CODE = /^(?:EXACT|DOCUWARE|VAULT|HTTP)_[A-Z0-9_]+$/;

/** Functions and classes that take a code and then a message. */
const MAKERS = /^(?:ConnectorError|HttpTransportError|docuWareError|vaultError|refusal)$/;

/** Tables of errors: a code, and its message beside it. */
const MESSAGE = /^(?:message|cause)$/;

/** Named expressions. */
type Facts = Array<{ name: string; words: ts.Expression }>;

type Add = (codes: string[], message: ts.Expression, facts: Facts) => void;

/** Every message of an error that the source spells out beside its code, or in a table of causes. */
export function errorTexts(): ErrorText[] {
	return ['nodes', 'credentials']
		.flatMap((folder) => filesBelow(folder, '.ts'))
		.flatMap((file) => textsOf(file));
}

function textsOf(file: string): ErrorText[] {
	const text = readFileSync(join(projectRoot, file), 'utf8');
	const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
	const found: ErrorText[] = [];
	const add: Add = (codes, message, facts) => {
		const { line } = source.getLineAndCharacterOfPosition(message.getStart());
		const place = `${file}:${line + 1}`;
		const [repairs, listRepairs] = ['repair', 'listRepair'].map((name) => {
			const given = facts.find((one) => one.name === name)?.words;
			return given ? wordsOf(given, source).filter((words) => !/^\{[^{}]*\}$/.test(words)) : [];
		}) as [string[], string[]];
		for (const words of wordsOf(message, source)) {
			found.push({
				codes,
				headline: headlineOf(words),
				message: words,
				repairs,
				listRepairs,
				place,
			});
		}
	};
	const visit = (node: ts.Node): void => {
		if (ts.isNewExpression(node) || ts.isCallExpression(node)) {
			const [code, message, ...facts] = node.arguments ?? [];
			const maker = node.expression.getText(source);
			if (code && message && MAKERS.test(maker)) {
				add(codesIn(code, source), message, factsOf(facts, source));
			}
			if (code && message && maker === 'invalidParameter') {
				add(['DOCUWARE_INVALID_PARAMETER'], code, factsOf([message], source));
			}
		}
		if (ts.isObjectLiteralExpression(node)) addTable(node, source, add);
		ts.forEachChild(node, visit);
	};
	visit(source);
	return found;
}

/** `{ code: …, message: … }`, or `CODE: { cause: … }`. */
function addTable(node: ts.ObjectLiteralExpression, source: ts.SourceFile, add: Add): void {
	const own = node.properties.filter(ts.isPropertyAssignment);
	const code = own.find(({ name }) => name.getText(source) === 'code');
	const { parent } = node;
	const key = ts.isPropertyAssignment(parent) ? parent.name.getText(source) : '';
	const codes = code ? codesIn(code.initializer, source) : CODE.test(key) ? [key] : [];
	if (codes.length === 0) return;
	for (const { name, initializer } of own) {
		if (MESSAGE.test(name.getText(source))) add(codes, initializer, factsOf([node], source));
	}
}

/** What an error is told with beside its message: the repair, an object with it and more, or both in turn. */
function factsOf(given: readonly ts.Expression[], source: ts.SourceFile): Facts {
	return given.flatMap((one) =>
		ts.isObjectLiteralExpression(one)
			? one.properties.flatMap((property) => {
					if (ts.isPropertyAssignment(property)) {
						return [{ name: property.name.getText(source), words: property.initializer }];
					}
					if (!ts.isShorthandPropertyAssignment(property)) return [];
					return [{ name: property.name.text, words: property.name }];
				})
			: [{ name: 'repair', words: one }],
	);
}

function codesIn(node: ts.Node, source: ts.SourceFile): string[] {
	if (ts.isStringLiteral(node)) return CODE.test(node.text) ? [node.text] : [];
	if (ts.isIdentifier(node)) {
		const value = constantOf(node, source);
		// A name inside is the same one again, or stands for what a function is given.
		const literals = value && (ts.isConditionalExpression(value) ? literalsOf(value) : [value]);
		return (literals ?? []).flatMap((one) => (ts.isStringLiteral(one) ? codesIn(one, source) : []));
	}
	const found: string[] = [];
	ts.forEachChild(node, (child) => void found.push(...codesIn(child, source)));
	return found;
}

function literalsOf({ whenTrue, whenFalse }: ts.ConditionalExpression): ts.Expression[] {
	return [whenTrue, whenFalse];
}

/** What a name of this file stands for. */
function constantOf(name: ts.Identifier, source: ts.SourceFile): ts.Expression | undefined {
	let found: ts.Expression | undefined;
	const visit = (node: ts.Node): void => {
		if (ts.isVariableDeclaration(node) && node.name.getText(source) === name.text) {
			found ??= node.initializer;
		}
		ts.forEachChild(node, visit);
	};
	visit(source);
	return found;
}

/** The readings of an expression, with `{…}` for each part that is not spelled out. */
function wordsOf(node: ts.Expression, source: ts.SourceFile): string[] {
	if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return [node.text];
	if (ts.isParenthesizedExpression(node)) return wordsOf(node.expression, source);
	if (ts.isConditionalExpression(node)) {
		return [...wordsOf(node.whenTrue, source), ...wordsOf(node.whenFalse, source)];
	}
	if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) return wordsOf(node.body, source);
	if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
		return joined(wordsOf(node.left, source), wordsOf(node.right, source));
	}
	if (ts.isTemplateExpression(node)) {
		return node.templateSpans.reduce(
			(begun, { expression, literal }) =>
				joined(joined(begun, wordsOf(expression, source)), [literal.text]),
			[node.head.text],
		);
	}
	if (ts.isIdentifier(node)) {
		const value = constantOf(node, source);
		const isSpelled =
			value &&
			(ts.isStringLiteral(value) ||
				ts.isBinaryExpression(value) ||
				ts.isTemplateExpression(value) ||
				ts.isConditionalExpression(value));
		if (isSpelled) return wordsOf(value, source);
	}
	// It says where a field is found.
	if (ts.isCallExpression(node) && node.expression.getText(source) === 'underAdvanced') {
		const [field] = node.arguments;
		return field ? joined(wordsOf(field, source), [' (under Show Advanced Fields)']) : [];
	}
	// The sentence about a connection ends with whose it is and the service's words.
	if (ts.isCallExpression(node) && node.expression.getText(source) === 'chainSentence') {
		const [cause] = node.arguments;
		return cause ? joined(wordsOf(cause, source), [': {identifier} at {host}']) : [];
	}
	return [`{${node.getText(source)}}`];
}

function joined(first: readonly string[], second: readonly string[]): string[] {
	return first.flatMap((one) => second.map((other) => one + other));
}

/** The first sentence, or what stands before a colon or a semicolon in it; another error's message is looked at there. */
function headlineOf(message: string): string {
	const others = /^\{[\w.]*[mM]essage\}/.exec(message)?.[0];
	if (others !== undefined) return others;
	return (
		/^(?:\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}|[^{}])*?(?=[.:;](?:[\s{]|$)|$)/.exec(message)?.[0] ??
		message
	);
}
