import type { INodeProperties } from 'n8n-workflow';
import { mapLeaves } from './fieldTree';

/** What else may stand for a choice, by the name of its field; undefined for what is no such word. */
export type OtherWords = Readonly<Record<string, (text: string) => string | undefined>>;

/**
 * The value of a field in which each choice that an expression or a model has written as words has its value:
 * `Leave Out`, `leave out` and `LEAVEOUT` mean `leaveOut`. What names no choice, or several, stays as it is.
 *
 * @param fields those of one name, of which n8n shows one at a time
 */
export function withChoiceValues(
	fields: readonly INodeProperties[],
	value: unknown,
	otherWords: OtherWords = {},
): unknown {
	return mapLeaves(fields, value, (same, one) => {
		const { name = '', type } = same[0] ?? {};
		const read = (text: unknown) =>
			typeof text === 'string'
				? (choiceNamed(same, text) ?? otherWords[name]?.(text) ?? text)
				: text;
		if (type === 'options') return read(one);
		if (type !== 'multiOptions') return one;
		return Array.isArray(one) ? one.map(read) : read(one);
	});
}

/**
 * The value of the choice that a text names, by value or by name, whatever the case and the signs between its letters.
 * @returns undefined where it names none or several, and for lists that the service fills
 */
export function choiceNamed(fields: readonly INodeProperties[], text: string): unknown {
	if (
		fields.some(({ options = [] }) => options.some((one) => 'value' in one && one.value === text))
	) {
		return text;
	}
	const choices = fields.flatMap(choicesIn);
	const wanted = plain(text);
	if (wanted === '') return undefined;
	for (const wordOf of [({ value }: Choice) => String(value), ({ name }: Choice) => name]) {
		const found = choices.filter((one) => plain(wordOf(one)) === wanted);
		const [value, ...others] = new Set(found.map((one) => one.value));
		if (found.length > 0) return others.length === 0 ? value : undefined;
	}
	return undefined;
}

interface Choice {
	name: string;
	value: unknown;
}

function choicesIn({ options = [], typeOptions }: INodeProperties): Choice[] {
	if (typeOptions?.loadOptionsMethod !== undefined) return [];
	return options.flatMap((option) =>
		'value' in option ? [{ name: option.name, value: option.value }] : [],
	);
}

function plain(text: string): string {
	return text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}
