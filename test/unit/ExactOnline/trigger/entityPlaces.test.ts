import { CHANGED_ENTITIES } from '../../../../nodes/ExactOnline/resources/changes/entities';

it('each entity is read from a place of its own, so that settings with another one ask for other things', () => {
	const places = CHANGED_ENTITIES.map(({ sync, data }) => sync?.path ?? data.endpoint);
	expect(places.length).toBeGreaterThan(20);
	expect(new Set(places).size).toBe(places.length);
});
