import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { expect, test } from '@jest/globals';

const program = `
  import { endWithReader } from '${new URL('./broken-pipe.ts', import.meta.url).href}';
  endWithReader(process.stdout, () => process.exit());
  const more = () => process.stdout.write('x'.repeat(100_000), () => setImmediate(more));
  more();
`;

test('a process whose reader goes away ends well, without a stack', async () => {
  const tsx = createRequire(import.meta.url).resolve('tsx');
  const child = spawn(process.execPath, ['--import', tsx, '--input-type=module', '--eval', program]);
  let err = '';
  child.stderr.on('data', (text) => {
    err += String(text);
  });
  child.stdout.once('data', () => child.stdout.destroy());
  const [code] = await once(child, 'close');
  expect([code, err]).toEqual([0, '']);
});
