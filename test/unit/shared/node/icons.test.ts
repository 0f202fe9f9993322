import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Icon } from 'n8n-workflow';
import { n8n } from '../../../../package.json';

const projectRoot = join(__dirname, '../../../..');

/** Of which the package registers an object with n8n. */
type IconOwner = new () => { icon?: Icon; description?: { icon?: Icon } };

const owners = [...n8n.nodes, ...n8n.credentials].map((built) => {
	const source = join(projectRoot, built.replace(/^dist\//, '').replace(/\.js$/, '.ts'));
	const name = basename(built).split('.')[0] ?? '';
	const Owner = jest.requireActual<Record<string, IconOwner>>(source)[name];
	if (Owner === undefined) throw new Error(`${source} exports no class ${name}.`);
	const { icon, description } = new Owner();
	return { name, folder: dirname(source), icon: description?.icon ?? icon };
});

it.each(owners)(
	'$name has an icon for the light and one for the dark editor',
	({ folder, icon }) => {
		const { light, dark } = icon as { light: string; dark: string };
		const files = [light, dark].map((file) => join(folder, file.replace('file:', '')));
		const icons = join(projectRoot, 'icons');
		expect(files.map((file) => dirname(file))).toEqual([icons, icons]);
		const names = files.map((file) => basename(file));
		expect(readdirSync(icons)).toEqual(expect.arrayContaining(names));
		expect(names[1]).toBe(names[0]?.replace('.svg', '.dark.svg'));
	},
);
