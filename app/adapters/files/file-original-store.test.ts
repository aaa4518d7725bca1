import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { temporaryFolder } from '../../../test/support/sql-databases.js';
import { describeOriginalStore } from '../../documents/original-store.conformance.js';
import { FileOriginalStore } from './file-original-store.js';

const folder = temporaryFolder();
let next = 0;

describeOriginalStore('the file adapter', async () => ({ store: new FileOriginalStore(join(folder, String(next++))) }));

it('leaves nothing of a file that broke off', async () => {
  const own = join(folder, 'broken');
  const content = (async function* () {
    yield new Uint8Array(10);
    throw new Error('gone');
  })();
  const put = new FileOriginalStore(own).put({ tenant: 't', documentId: 'd' }, { mediaType: 'text/plain', content });
  await expect(put).rejects.toThrow('gone');
  expect(readdirSync(own)).toEqual([]);
});
