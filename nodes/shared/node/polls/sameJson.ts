/** Whether two values are the same as JSON keeps them. */
export function isSameJson(one: unknown, other: unknown): boolean {
	return JSON.stringify(one) === JSON.stringify(other);
}
