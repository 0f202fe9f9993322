/**
 * The values that JavaScript code puts together to a text, where it does nothing else than that, by `+` or in a
 * template; none for any other code, also for a value by itself. Code may be as long as a text of many megabytes.
 */
export function concatenatedValues(code: string): string[] {
	if (!/[+`]/.test(code)) return [];
	const reader = new CodeReader(code);
	let operands = 0;
	do {
		if (!reader.operand()) return [];
		operands += 1;
	} while (reader.sign('+'));
	return reader.isAtEnd && (operands > 1 || reader.hasTemplate) ? reader.values : [];
}

const BLANKS = /\s*/y;
const NAME = /[$A-Za-z_][$\w]*/y;
const DIGITS = /\d+/y;

/** What of a text or a template needs no closer look. */
const PLAIN = { "'": /[^'\\]*/y, '"': /[^"\\]*/y, '`': /[^`\\$]*/y } as const;

/**
 * Goes through code step by step: a pattern for all of it would keep a way back for each character, and has no room for
 * those of a long text.
 */
class CodeReader {
	/** Names with members of them, such as `$json.a?.b['c']` or `$('Node').item.json.a`; nothing is called. */
	readonly values: string[] = [];

	hasTemplate = false;

	private at = 0;

	constructor(private readonly code: string) {}

	get isAtEnd(): boolean {
		this.take(BLANKS);
		return this.at === this.code.length;
	}

	/** Goes over a sign and the blanks before it. @returns false where another one stands there */
	sign(sign: string): boolean {
		this.take(BLANKS);
		return this.text(sign);
	}

	/** Goes over a text, a template, a value or a whole number. @returns false where none stands there */
	operand(): boolean {
		this.take(BLANKS);
		const text = () => this.string() || this.template();
		return this.whole(text) || this.value() || this.take(DIGITS);
	}

	private string(): boolean {
		const quote = this.code[this.at];
		if (quote !== "'" && quote !== '"') return false;
		this.at += 1;
		for (;;) {
			this.take(PLAIN[quote]);
			if (this.text(quote)) return true;
			if (!this.escape()) return false;
		}
	}

	private template(): boolean {
		if (!this.text('`')) return false;
		this.hasTemplate = true;
		for (;;) {
			this.take(PLAIN['`']);
			if (this.text('`')) return true;
			if (this.text('${')) {
				this.take(BLANKS);
				if (!this.value() || !this.sign('}')) return false;
			} else if (!this.text('$') && !this.escape()) return false;
		}
	}

	private value(): boolean {
		const start = this.at;
		if (!this.nodeCall() && !this.take(NAME)) return false;
		while (this.member());
		this.values.push(this.code.slice(start, this.at));
		return true;
	}

	/** `$('Node')` */
	private nodeCall(): boolean {
		return this.whole(() => this.text('$(') && this.string() && this.text(')'));
	}

	/** `.a`, `?.a`, `[0]`, `['a']` or `?.['a']` */
	private member(): boolean {
		const named = () => (this.text('?.') || this.text('.')) && this.take(NAME);
		const key = () => this.take(DIGITS) || this.string();
		const indexed = () => (this.text('?.[') || this.text('[')) && key() && this.text(']');
		return this.whole(named) || this.whole(indexed);
	}

	/** Goes back to where it began unless all of it is there. */
	private whole(parts: () => boolean): boolean {
		const start = this.at;
		if (parts()) return true;
		this.at = start;
		return false;
	}

	private escape(): boolean {
		if (this.code[this.at] !== '\\' || this.at + 1 >= this.code.length) return false;
		this.at += 2;
		return true;
	}

	private text(text: string): boolean {
		if (!this.code.startsWith(text, this.at)) return false;
		this.at += text.length;
		return true;
	}

	/** Goes over what the pattern takes. @returns false where that is nothing */
	private take(pattern: RegExp): boolean {
		pattern.lastIndex = this.at;
		if (!pattern.test(this.code) || pattern.lastIndex === this.at) return false;
		this.at = pattern.lastIndex;
		return true;
	}
}
