import { showsSecret } from '../../../../../nodes/DocuWare/trigger/validation/validationAuthentication';

const SECRET = 'secret-of-16-letters';

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

it('takes the secret in the path, and there alone', () => {
	const headers = { 'x-validation-secret': SECRET };
	expect(showsSecret('path', { headers: {} }, SECRET, SECRET)).toBe(true);
	expect(showsSecret('path', { headers }, undefined, SECRET)).toBe(false);
	expect(showsSecret('path', { headers }, `${SECRET}x`, SECRET)).toBe(false);
	expect(showsSecret('path', { headers }, ['a'], SECRET)).toBe(false);
});

it.each([
	{ 'x-validation-secret': SECRET },
	{ authorization: `Bearer ${SECRET}` },
	{ authorization: `bearer  ${SECRET}` },
	{ authorization: basic(`docuware:${SECRET}`) },
	{ authorization: basic(`:${SECRET}`) },
])('takes it in the header %j', (headers) => {
	expect(showsSecret('header', { headers }, undefined, SECRET)).toBe(true);
	expect(showsSecret('header', { headers }, undefined, 'another')).toBe(false);
});

it.each([
	{},
	{ 'x-validation-secret': '' },
	{ authorization: SECRET },
	{ authorization: 'Bearer' },
	{ authorization: `Digest ${SECRET}` },
	{ authorization: basic(SECRET.slice(1)) },
])('refuses the header %j', (headers) => {
	expect(showsSecret('header', { headers }, SECRET, SECRET)).toBe(false);
});

it('takes nothing where there is no secret', () => {
	expect(showsSecret('path', { headers: {} }, '', '')).toBe(false);
	expect(showsSecret('header', { headers: { 'x-validation-secret': '' } }, undefined, '')).toBe(
		false,
	);
});
