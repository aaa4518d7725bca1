import { expect, it } from '@jest/globals';
import { JsonLines } from './json-lines.js';

/** More than a stream takes before it is read: 16 KiB with Node 20, 64 with 22. */
const page = { text: 'x'.repeat(100_000) };

it('carries values as lines of JSON, in their order', async () => {
  const lines = new JsonLines();
  const sending = (async () => {
    for (let n = 1; n <= 3; n += 1) await lines.send({ n });
    lines.end();
  })();
  let text = '';
  for await (const part of lines) text += part;
  await sending;
  expect(text).toBe('{"n":1}\n{"n":2}\n{"n":3}\n');
});

it('has its sender wait while the reader does not keep up', async () => {
  const lines = new JsonLines();
  let sent = 0;
  const sending = (async () => {
    for (; sent < 2; sent += 1) await lines.send(page);
    lines.end();
  })();
  await new Promise(setImmediate);
  expect(sent).toBe(0);
  let characters = 0;
  for await (const part of lines) characters += String(part).length;
  await sending;
  expect([sent, characters]).toEqual([2, 2 * (JSON.stringify(page).length + 1)]);
});

it('tells its sender that the reader has gone, also one that waits', async () => {
  const lines = new JsonLines();
  const waiting = lines.send(page).then(() => lines.send(page));
  lines.destroy();
  await expect(waiting).rejects.toThrow('The reader has gone.');
});
