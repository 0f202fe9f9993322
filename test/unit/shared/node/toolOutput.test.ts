import type { IExecuteFunctions } from 'n8n-workflow';
import { shortenedForTool } from '../../../../nodes/shared/node/toolOutput';

const contextOf = (type: string) =>
	({
		getNode: () => ({ type }),
		getMode: () => 'manual',
	}) as unknown as IExecuteFunctions;

const tool = contextOf('n8n-nodes-x.docuWareTool');
const sizeOf = (rows: unknown) => JSON.stringify(rows).length;

describe('what a tool gives', () => {
	it('is left as it is where it is short, and where the node is no tool', () => {
		const long = [{ json: { text: 'x'.repeat(20_000) } }];
		expect(shortenedForTool(contextOf('n8n-nodes-x.docuWare'), long)).toBe(long);
		const short = [{ json: { text: 'x' } }];
		expect(shortenedForTool(tool, short)).toBe(short);
	});

	it('has long texts and lists cut, and says so', () => {
		const rows = [{ json: { id: 1, text: 'x'.repeat(20_000), list: [1, 2] } }];
		const [row] = shortenedForTool(tool, rows);
		expect(row?.json).toMatchObject({ id: 1, list: [1, 2], note: expect.any(String) });
		expect(String(row?.json.text)).toMatch(/^x{2000}… \(20000 characters\)$/);
	});

	it('has rows left out that do not fit, and tells how many', () => {
		const rows = Array.from({ length: 200 }, (_none, id) => ({
			json: { id, text: 'x'.repeat(100) },
		}));
		const kept = shortenedForTool(tool, rows);
		expect(sizeOf(kept.map(({ json }) => json))).toBeLessThanOrEqual(10_000);
		expect(kept.length).toBeGreaterThan(50);
		expect(kept.at(-1)?.json.note).toContain(`${200 - kept.length} of 200 results are left out.`);
		expect(kept[0]?.json).toEqual({ id: 0, text: 'x'.repeat(100) });
	});

	it('is counted in bytes, of which most characters beyond ASCII have several', () => {
		const rows = [{ json: { id: 1, text: 'ü'.repeat(9_000) } }];
		const kept = shortenedForTool(tool, rows);
		expect(kept[0]?.json.note).toContain('Shortened');
		const many = Array.from({ length: 200 }, (_none, id) => ({
			json: { id, text: '語'.repeat(100) },
		}));
		const jsons = shortenedForTool(tool, many).map(({ json }) => json);
		expect(jsons.length).toBeGreaterThan(20);
		expect(Buffer.byteLength(JSON.stringify(jsons))).toBeLessThanOrEqual(10_000);
	});

	it('is a sentence where nothing helps', () => {
		const wide = Object.fromEntries(
			Array.from({ length: 2000 }, (_none, at) => [`field${at}`, at]),
		);
		const kept = shortenedForTool(tool, [{ json: wide }]);
		expect(kept).toEqual([{ json: { note: expect.stringContaining('too large') } }]);
	});
});
