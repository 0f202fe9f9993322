import { webhookFields } from '../../../../../nodes/ExactOnline/trigger/webhook/webhookFields';

const field = (wanted: string) => webhookFields.find(({ name }) => name === wanted);

it('says beforehand, at the topic, that a second workflow on it is not published, and what to do instead', () => {
	const { hint } = field('topic') ?? {};
	expect(hint).toContain('one subscription for each topic, division and app');
	expect(hint).toMatch(/publishing a second workflow on the same topic ends with an error/i);
	expect(hint).toContain('poll with the Exact Online Trigger');
	const [fail, replace] = field('ifSubscribed')?.options ?? [];
	expect(fail).toMatchObject({ description: expect.stringMatching(/names the address/) as string });
	expect(replace).toMatchObject({ description: expect.stringMatching(/nothing more/) as string });
});
