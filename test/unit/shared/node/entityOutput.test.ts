import { outputRows, type EntityForm } from '../../../../nodes/shared/node/entityOutput';

interface User {
	Links: string[];
	[field: string]: unknown;
}

const user: User = {
	Links: ['self'],
	DefaultWebBasket: 'b',
	Settings: { Language: 'en' },
	Id: 'u1',
	Name: 'Peggy',
	EMail: 'peggy@example.com',
	Rights: { read: true },
	One: 1,
	Two: 2,
	Three: 3,
	Four: 4,
	Five: 5,
	Six: 6,
};

const form: EntityForm<User> = {
	simplify: ({ Links: _links, ...own }) => own,
	most: ['Rights'],
};

function rowOf(parameters: Record<string, unknown>): unknown {
	const context = {
		getNodeParameter: (name: string, _item: number, fallback: unknown) =>
			parameters[name] ?? fallback,
	};
	return outputRows({ context: context as never, itemIndex: 0 }, [user], form)[0]?.json;
}

it('simplified, which is the default, has ten fields: the name, the identifier, what has to be there, then values', () => {
	const row = rowOf({}) as object;
	expect(Object.keys(row)).toEqual([
		...['Name', 'Id', 'Rights', 'DefaultWebBasket', 'EMail', 'One', 'Two', 'Three', 'Four', 'Five'],
	]);
	expect(rowOf({ output: 'simplified' })).toEqual(row);
});

it('raw is what the service delivered', () => {
	expect(rowOf({ output: 'raw' })).toEqual(user);
});

it.each([['EMail, Links , Nothing'], [['EMail', 'Links', 'Nothing']]])(
	'selected fields are those, in their order: %j',
	(fieldsToReturn) => {
		const row = rowOf({ output: 'selected', fieldsToReturn });
		expect(JSON.stringify(row)).toBe(
			'{"EMail":"peggy@example.com","Links":["self"],"Nothing":null}',
		);
	},
);

it('without a name, selected fields are all of the simple form', () => {
	expect(rowOf({ output: 'selected' })).toEqual(form.simplify(user));
});
