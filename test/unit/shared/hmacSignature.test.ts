import { createHmac } from 'node:crypto';
import { isHmacOf } from '../../../nodes/shared/hmacSignature';

describe('isHmacOf', () => {
	const bytes = Buffer.from('{"a":5.30}');
	const right = createHmac('sha512', 'secret').update(bytes).digest('hex');

	it('takes the right signature, in either case', () => {
		expect(isHmacOf('sha512', 'secret', bytes, right)).toBe(true);
		expect(isHmacOf('sha512', 'secret', bytes, ` ${right.toUpperCase()} `)).toBe(true);
	});

	it('takes no other', () => {
		expect(isHmacOf('sha256', 'secret', bytes, right)).toBe(false);
		expect(isHmacOf('sha512', 'other', bytes, right)).toBe(false);
		expect(isHmacOf('sha512', 'secret', Buffer.from('{"a":5.3}'), right)).toBe(false);
		expect(isHmacOf('sha512', 'secret', bytes, right.slice(2))).toBe(false);
		expect(isHmacOf('sha512', 'secret', bytes, '')).toBe(false);
		expect(isHmacOf('sha512', 'secret', bytes, 'ü'.repeat(128))).toBe(false);
	});

	it('takes none without a secret', () => {
		const empty = createHmac('sha256', '').update(bytes).digest('hex');
		expect(isHmacOf('sha256', '', bytes, empty)).toBe(false);
	});
});
