import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { OriginalKey, OriginalStore } from './original-store.js';

/** A store under test. */
export interface OriginalStoreFixture {
  readonly store: OriginalStore;
  /** @default nothing to close */
  close?(): Promise<void>;
}

const key: OriginalKey = { tenant: 'acme', documentId: 'd1' };
const MEBIBYTE = 1_048_576;

async function* chunks(...parts: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield typeof part === 'string' ? new TextEncoder().encode(part) : part;
}

/** What every store of originals does. `make` gives an empty one. */
export function describeOriginalStore(name: string, make: () => Promise<OriginalStoreFixture>): void {
  describe(`${name} as a store of originals`, () => {
    let fixture: OriginalStoreFixture;
    let store: OriginalStore;
    beforeEach(async () => {
      fixture = await make();
      store = fixture.store;
    });
    afterEach(async () => fixture.close?.());

    const put = (text: string, at: OriginalKey = key) =>
      store.put(at, { mediaType: 'text/plain', content: chunks(text) });
    const read = async (at: OriginalKey = key) => {
      const found = await store.get(at);
      if (found === undefined) return undefined;
      const parts: Uint8Array[] = [];
      for await (const part of found.content) parts.push(part);
      return { mediaType: found.mediaType, bytes: Buffer.concat(parts) };
    };
    const textAt = async (at?: OriginalKey) => (await read(at))?.bytes.toString();

    it('knows nothing at first', async () => {
      expect(await store.get(key)).toBeUndefined();
      await store.delete(key);
    });

    it('gives a file back to the byte, with its media type', async () => {
      const bytes = Uint8Array.from({ length: 1_000 }, (_, i) => i % 256);
      await store.put(key, { mediaType: 'application/pdf', content: chunks(bytes.subarray(0, 3), bytes.subarray(3)) });
      expect(await read()).toEqual({ mediaType: 'application/pdf', bytes: Buffer.from(bytes) });
    });

    it('keeps an empty file', async () => {
      await store.put(key, { mediaType: 'text/plain', content: chunks() });
      expect(await textAt()).toBe('');
    });

    it('takes a file of many pieces that is larger than one part of an upload', async () => {
      const piece = new Uint8Array(MEBIBYTE).map((_, i) => (i * 31) % 251);
      const whole = createHash('sha256');
      const content = (async function* () {
        for (let i = 0; i < 12; i += 1) {
          whole.update(piece);
          yield piece;
        }
      })();
      await store.put(key, { mediaType: 'application/octet-stream', content });
      const found = await read();
      expect(found?.bytes.length).toBe(12 * MEBIBYTE);
      expect(
        createHash('sha256')
          .update(found?.bytes ?? '')
          .digest('hex'),
      ).toBe(whole.digest('hex'));
    });

    it('replaces what was there', async () => {
      await put('the first and longer one');
      await put('the second');
      expect(await textAt()).toBe('the second');
    });

    it('keeps tenants and documents apart, whatever their names hold', async () => {
      const keys = [
        { tenant: 'acme', documentId: 'd1' },
        { tenant: 'acme', documentId: 'd2' },
        { tenant: 'globex', documentId: 'd1' },
        { tenant: 'acme/d1', documentId: '..' },
        { tenant: '..', documentId: 'd1' },
        { tenant: 'Größe %2F', documentId: 'a b?c#d' },
      ];
      for (const at of keys) await put(JSON.stringify(at), at);
      for (const at of keys) expect(await textAt(at)).toBe(JSON.stringify(at));
      await store.delete(key);
      expect(await textAt()).toBeUndefined();
      for (const at of keys.slice(1)) expect(await textAt(at)).toBe(JSON.stringify(at));
    });

    it('keeps the earlier file when a new one breaks off', async () => {
      await put('whole');
      const content = (async function* () {
        yield new Uint8Array(6 * MEBIBYTE);
        throw new Error('The client has gone.');
      })();
      await expect(store.put(key, { mediaType: 'text/plain', content })).rejects.toThrow('The client has gone.');
      expect(await textAt()).toBe('whole');
    });
  });
}
