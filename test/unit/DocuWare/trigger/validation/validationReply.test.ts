import fc from 'fast-check';
import { accepted, refused } from '../../../../../nodes/DocuWare/platform/validation';
import { checkedAnswer } from '../../../../../nodes/DocuWare/trigger/validation/validationReply';

const said = (body: unknown, status = 200) => checkedAnswer({ status, body });

const FAILED = expect.stringContaining('failed');
const NO_ANSWER = expect.stringContaining('without an answer');

it('passes on what Accept and Refuse say, and no more than DocuWare expects', () => {
	expect(said([accepted()])).toEqual({ Status: 'OK', Reason: '' });
	expect(said([refused('No supplier')])).toEqual({ Status: 'Failed', Reason: 'No supplier' });
	expect(said(accepted())).toEqual({ Status: 'OK', Reason: '' });
	expect(said([{ ...accepted(), checkedBy: 'another node' }])).toEqual({
		Status: 'OK',
		Reason: '',
	});
});

it('needs one refusal only, and names each reason once', () => {
	const several = [accepted(), refused('One'), refused('Two'), refused('One')];
	expect(said(several)).toEqual({ Status: 'Failed', Reason: 'One\nTwo' });
	expect(said([accepted(), accepted()])).toEqual({ Status: 'OK', Reason: '' });
});

it.each([
	['an empty end', []],
	['nothing', undefined],
	['the output of another node', [{ user: 'John Doe' }]],
	['the output of another node beside an answer', [accepted(), {}]],
	['an OK that no Accept has said', [{ Status: 'OK', Reason: '' }]],
	['a refusal whose status was changed', [{ ...refused('No'), Status: 'OK' }]],
	['an acceptance whose status was changed', [{ ...accepted(), Status: 'Maybe' }]],
	['an acceptance whose status was changed to no', [{ ...accepted(), Status: 'Failed' }]],
	['an acceptance that was given a reason', [{ ...accepted(), Reason: 'Row 2 has no price' }]],
	['an acceptance without its mark', [{ Status: 'OK', Reason: '', validation: undefined }]],
	['a message of n8n', { message: 'Workflow executed successfully but no data was returned' }],
	['a text', 'OK'],
])('refuses %s', (_name, body) => {
	expect(said(body)).toEqual({ Status: 'Failed', Reason: NO_ANSWER });
});

it.each([400, 404, 500, 503])('refuses with another reason where n8n answers %d', (status) => {
	expect(said([accepted()], status)).toEqual({ Status: 'Failed', Reason: FAILED });
});

it('says OK for nothing but answers of Accept, and always with a reason otherwise', () => {
	fc.assert(
		fc.property(fc.anything(), fc.integer({ min: 100, max: 599 }), (body, status) => {
			const { Status, Reason } = said(body, status);
			expect(Status).toBe('Failed');
			expect(Reason).not.toBe('');
		}),
	);
});

it('gives a reason where none was typed, and cuts one that is too long', () => {
	expect(refused('  ').Reason).toBe('The document was refused by a check in n8n.');
	expect(refused('x'.repeat(5000)).Reason).toHaveLength(1000);
});
