import { checkFileSize } from '../../../../../nodes/ExactOnline/resources/files/fileSize';

const GERMANY = 'https://start.exactonline.de';
const BELGIUM = 'https://start.exactonline.be';

const check = (megabytes: number, baseUrl: string) =>
	checkFileSize('a.pdf', megabytes * 1_000_000, baseUrl);

it.each([
	[7.1, GERMANY],
	[10, BELGIUM],
	[10, 'https://start.exactonline.nl'],
])('%d MB are safe at %s in all readings', (megabytes, baseUrl) => {
	expect(check(megabytes, baseUrl)).toBeUndefined();
});

it.each([
	[7.2, GERMANY, '7.1 MB'],
	[9.5, GERMANY, '7.1 MB'],
	[10.1, BELGIUM, '10.0 MB'],
	[38, BELGIUM, '10.0 MB'],
])('%d MB are sent to %s with a warning', (megabytes, baseUrl, safe) => {
	expect(check(megabytes, baseUrl)).toContain(`contradict each other about files above ${safe}`);
});

it.each([
	[9.500_001, GERMANY],
	[38.000_001, BELGIUM],
])('%d MB are not sent to %s', (megabytes, baseUrl) => {
	expect(() => check(megabytes, baseUrl)).toThrow(
		expect.objectContaining({ code: 'EXACT_TOO_LARGE' }),
	);
});

it('a size that n8n does not know stops nothing', () => {
	expect(checkFileSize('a.pdf', undefined, GERMANY)).toBeUndefined();
});
