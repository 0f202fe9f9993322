import { beginningMoment } from '../../../../../nodes/shared/node/polls/beginningMoment';

const NODE = 'workflow/node';

afterEach(() => jest.useRealTimers());

/** The moment that stands for a node with these settings at a time. */
function at(now: number, settings: string, node = NODE) {
	jest.useFakeTimers({ now });
	return beginningMoment(node, settings);
}

it('is that of the first poll, until it is noted', () => {
	expect(at(1_000, 'now').at).toBe(1_000);
	const second = at(2_000, 'now');
	expect(second.at).toBe(1_000);
	expect(at(2_000, 'now', 'another node').at).toBe(2_000);
	second.forget();
	expect(at(3_000, 'now').at).toBe(3_000);
	beginningMoment(NODE, 'now').forget();
});

it('is a new one with other settings, also where the first ones come again', () => {
	expect(at(1_000, 'now').at).toBe(1_000);
	const dated = at(2_000, 'date');
	expect(dated.at).toBe(2_000);
	dated.forget();
	expect(at(3_000, 'now').at).toBe(3_000);
	beginningMoment(NODE, 'now').forget();
});
