import type { ExactOnlineSwitches } from '../switches';
import { compareValues, isNumeric, type EdmType, type EdmValue, type Row } from './edm';
import { ODataError } from './errors';
import { FILTER_FUNCTIONS } from './filterFunctions';
import { tokenizeFilter, type FilterToken } from './filterTokens';

/** What a filter may speak of: the entity's name for messages and its fields. */
export interface FilterableType {
	typeName: string;
	fields: Readonly<Record<string, EdmType>>;
}

export interface CompiledFilter {
	accepts: (row: Row) => boolean;
	/** Fields the filter names. */
	fields: ReadonlySet<string>;
}

interface Expression {
	type: EdmType;
	/**
	 * True if the expression reads a field; two such sides cannot be compared,
	 * docs/facts/exact-online.md 4.3.
	 */
	readsField: boolean;
	evaluate: (row: Row) => EdmValue;
}

/** How texts are compared. */
export type TextRules = Pick<ExactOnlineSwitches, 'textComparison'>;

/**
 * Compiles a `$filter` (docs/facts/exact-online.md 4.3): eq ne gt ge lt le, and or not,
 * parentheses, and the functions of `FILTER_FUNCTIONS`, checked against the field types.
 * @throws ODataError 400 in the service's words on syntax, unknown fields and unequal types
 */
export function compileFilter(
	text: string,
	type: FilterableType,
	rules: TextRules = { textComparison: 'exact' },
): CompiledFilter {
	const parser = new FilterParser(tokenizeFilter(text), type, rules);
	const expression = parser.parse();
	return { accepts: (row) => expression.evaluate(row) === true, fields: parser.fields };
}

const COMPARISONS: Readonly<Record<string, (order: number) => boolean>> = {
	eq: (order) => order === 0,
	ne: (order) => order !== 0,
	gt: (order) => order > 0,
	ge: (order) => order >= 0,
	lt: (order) => order < 0,
	le: (order) => order <= 0,
};

class FilterParser {
	readonly fields = new Set<string>();
	private index = 0;

	constructor(
		private readonly tokens: FilterToken[],
		private readonly entity: FilterableType,
		private readonly rules: TextRules,
	) {}

	parse(): Expression {
		const expression = this.parseLogical('or', () =>
			this.parseLogical('and', () => this.parseComparison()),
		);
		const token = this.peek();
		if (token.kind !== 'end') throw syntaxError(token.position);
		if (expression.type !== 'Boolean') {
			throw new ODataError(400, "Expression of type 'System.Boolean' expected at position 0.");
		}
		return expression;
	}

	private parseLogical(word: 'and' | 'or', operand: () => Expression): Expression {
		let left = operand();
		for (let token = this.peek(); isName(token, word); token = this.peek()) {
			this.index += 1;
			const first = left;
			const second = operand();
			requireTypes(word, first.type, second.type, 'Boolean', token.position);
			left = {
				type: 'Boolean',
				readsField: false,
				evaluate:
					word === 'and'
						? (row) => first.evaluate(row) === true && second.evaluate(row) === true
						: (row) => first.evaluate(row) === true || second.evaluate(row) === true,
			};
		}
		return left;
	}

	private parseComparison(): Expression {
		let left = this.parseUnary();
		for (;;) {
			const token = this.peek();
			const holds = token.kind === 'name' ? COMPARISONS[token.text] : undefined;
			if (!holds) return left;
			this.index += 1;
			left = compare(token, holds, left, this.parseUnary(), this.rules);
		}
	}

	private parseUnary(): Expression {
		const token = this.peek();
		if (!isName(token, 'not')) return this.parsePrimary();
		this.index += 1;
		const operand = this.parseUnary();
		if (operand.type !== 'Boolean') {
			throw new ODataError(
				400,
				`Operator 'not' incompatible with operand type 'Edm.${operand.type}' at position ${token.position}.`,
			);
		}
		return {
			type: 'Boolean',
			readsField: false,
			evaluate: (row) => operand.evaluate(row) !== true,
		};
	}

	private parsePrimary(): Expression {
		const token = this.peek();
		this.index += 1;
		if (token.kind === 'literal') {
			const { type, value } = token.literal;
			return { type, readsField: false, evaluate: () => value };
		}
		if (token.kind === 'symbol' && token.text === '(') {
			const inner = this.parseLogical('or', () =>
				this.parseLogical('and', () => this.parseComparison()),
			);
			this.expectSymbol(')');
			return inner;
		}
		if (token.kind === 'name') {
			const next = this.peek();
			return next.kind === 'symbol' && next.text === '('
				? this.parseFunction(token)
				: this.parseField(token);
		}
		throw new ODataError(400, `Expression expected at position ${token.position}.`);
	}

	private parseField(token: FilterToken): Expression {
		const name = token.text;
		const type = Object.hasOwn(this.entity.fields, name) ? this.entity.fields[name] : undefined;
		if (type === undefined) {
			const text = `No property '${name}' exists in type '${this.entity.typeName}' at position ${token.position}.`;
			throw new ODataError(400, text);
		}
		this.fields.add(name);
		return { type, readsField: true, evaluate: (row) => row[name] ?? null };
	}

	private parseFunction(token: FilterToken): Expression {
		const definition = Object.hasOwn(FILTER_FUNCTIONS, token.text)
			? FILTER_FUNCTIONS[token.text]
			: undefined;
		if (!definition) {
			throw new ODataError(400, `Unknown function '${token.text}' at position ${token.position}.`);
		}
		this.expectSymbol('(');
		const parameters: Expression[] = [];
		for (;;) {
			parameters.push(this.parseComparison());
			const next = this.peek();
			if (next.kind !== 'symbol' || next.text !== ',') break;
			this.index += 1;
		}
		this.expectSymbol(')');
		const wanted = definition.parameters;
		const fits =
			parameters.length === wanted.length &&
			parameters.every(({ type }, index) => type === wanted[index] || type === 'Null');
		if (!fits) {
			const signature = `${token.text}(${wanted.map((type) => `Edm.${type}`).join(', ')})`;
			throw new ODataError(
				400,
				`No applicable function found for '${token.text}' at position ${token.position} with the specified arguments. The functions considered are: ${signature}.`,
			);
		}
		return {
			type: definition.returns,
			readsField: parameters.some((parameter) => parameter.readsField),
			evaluate: (row) => definition.apply(parameters.map((parameter) => parameter.evaluate(row))),
		};
	}

	private expectSymbol(symbol: string): void {
		const token = this.peek();
		if (token.kind !== 'symbol' || token.text !== symbol) {
			throw new ODataError(400, `')' or operator expected at position ${token.position}.`);
		}
		this.index += 1;
	}

	private peek(): FilterToken {
		const token = this.tokens[this.index] ?? this.tokens[this.tokens.length - 1];
		if (!token) throw syntaxError(0);
		return token;
	}
}

function compare(
	operator: FilterToken,
	holds: (order: number) => boolean,
	left: Expression,
	right: Expression,
	{ textComparison }: TextRules,
): Expression {
	const asCompared = (value: EdmValue) =>
		typeof value === 'string' && textComparison === 'ignoresCase' ? value.toLowerCase() : value;
	const alike =
		left.type === right.type ||
		(isNumeric(left.type) && isNumeric(right.type)) ||
		left.type === 'Null' ||
		right.type === 'Null';
	const ordered = operator.text !== 'eq' && operator.text !== 'ne';
	const comparable = !/^(?:Binary|Unknown|Collection)/.test(left.type);
	if (!alike || !comparable) {
		throw incompatible(operator.text, left.type, right.type, operator.position);
	}
	if (left.readsField && right.readsField) {
		throw new ODataError(
			400,
			`Comparing a property with another property is not supported, at position ${operator.position}.`,
		);
	}
	return {
		type: 'Boolean',
		readsField: false,
		evaluate: (row) => {
			const first = asCompared(left.evaluate(row));
			const second = asCompared(right.evaluate(row));
			if (ordered && (first === null || second === null)) return false;
			return holds(compareValues(first, second));
		},
	};
}

function requireTypes(
	operator: string,
	left: EdmType,
	right: EdmType,
	wanted: EdmType,
	position: number,
): void {
	if (left !== wanted || right !== wanted) throw incompatible(operator, left, right, position);
}

/** The text of docs/facts/exact-online.md 4.2. */
function incompatible(
	operator: string,
	left: EdmType,
	right: EdmType,
	position: number,
): ODataError {
	return new ODataError(
		400,
		`Operator '${operator}' incompatible with operand types 'Edm.${left}' and 'Edm.${right}' at position ${position}.`,
	);
}

function syntaxError(position: number): ODataError {
	return new ODataError(400, `Syntax error at position ${position}.`);
}

function isName(token: FilterToken, text: string): boolean {
	return token.kind === 'name' && token.text === text;
}
