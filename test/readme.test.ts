import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';

it('the README shows the example environment as it stands in examples/', async () => {
  const read = (path: string) => readFile(new URL(path, import.meta.url), 'utf8');
  const [example, readme] = await Promise.all([read('../examples/your-own-environment.ts'), read('../README.md')]);
  expect(readme).toContain(`\`\`\`ts\n${example}\`\`\``);
});
