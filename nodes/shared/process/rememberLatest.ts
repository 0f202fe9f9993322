/**
 * Puts a value into a map that a process keeps, as the latest one, and forgets the one that was put there
 * longest ago where there are more than `most`.
 */
export function rememberLatest<Value>(
	map: Map<string, Value>,
	key: string,
	value: Value,
	most: number,
): void {
	map.delete(key);
	map.set(key, value);
	const [oldest] = map.keys();
	if (map.size > most && oldest !== undefined) map.delete(oldest);
}
