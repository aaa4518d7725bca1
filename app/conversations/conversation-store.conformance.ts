import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { memoryPolicy } from '../../contract/index.js';
import type { ConversationKey, ConversationStore, Message } from './conversation-store.js';

/** A store under test, and the clock that it goes by. */
export interface ConversationStoreFixture {
  readonly store: ConversationStore;
  /** Moves the store's clock on. */
  elapse(seconds: number): Promise<void>;
  /** @default nothing to close */
  close?(): Promise<void>;
}

const key: ConversationKey = { tenant: 'acme', user: 'ada', session: 's1' };
const { keptMessages, ttlSeconds } = memoryPolicy;

function message(content: string, changes: Partial<Message> = {}): Message {
  return { role: 'user', content, at: Date.UTC(2026, 0, 1), ...changes };
}

function numbered(from: number, to: number): Message[] {
  return Array.from({ length: to - from + 1 }, (_, i) => message(`m${from + i}`));
}

/** What every store of conversations does. `make` gives an empty one. */
export function describeConversationStore(name: string, make: () => Promise<ConversationStoreFixture>): void {
  describe(`${name} as a conversation store`, () => {
    let fixture: ConversationStoreFixture;
    let store: ConversationStore;
    beforeEach(async () => {
      fixture = await make();
      store = fixture.store;
    });
    afterEach(async () => fixture.close?.());

    const contents = async (of = key, limit = 1000) => (await store.read(of, limit)).map(({ content }) => content);

    it('gives messages back whole, in conversation order', async () => {
      const turns = [
        message('Be brief.', { role: 'system', at: 1 }),
        message(`o'Brien; -- "Größe" \u{1F600}\n`, { at: 3 }),
        message('', { role: 'assistant', at: 2 }),
      ];
      await store.append(key, turns.slice(0, 1));
      await store.append(key, turns.slice(1));
      expect(await store.read(key, 10)).toEqual(turns);
    });

    it('is empty for a session that it does not know', async () => {
      expect(await store.read(key, 10)).toEqual([]);
    });

    it('reads the newest of them, oldest first', async () => {
      await store.append(key, numbered(1, 20));
      expect(await contents(key, 3)).toEqual(['m18', 'm19', 'm20']);
    });

    it(`keeps the newest ${keptMessages} of a session`, async () => {
      await store.append(key, numbered(1, keptMessages));
      await store.append(key, numbered(keptMessages + 1, keptMessages + 2));
      expect(await contents()).toEqual(numbered(3, keptMessages + 2).map(({ content }) => content));
    });

    it(`keeps the newest ${keptMessages} of more that arrive at once`, async () => {
      await store.append(key, numbered(1, keptMessages * 3));
      expect(await contents()).toEqual(numbered(keptMessages * 2 + 1, keptMessages * 3).map(({ content }) => content));
    });

    it('makes no session of no messages', async () => {
      await store.append(key, []);
      expect(await store.delete(key)).toBe(false);
    });

    it('keeps tenants, users and sessions apart', async () => {
      const others = [
        { ...key, tenant: 'globex' },
        { ...key, user: 'bob' },
        { ...key, session: 's2' },
        { tenant: 'acme:ada', user: 's1', session: '' },
        { tenant: 'acme', user: 'ada:s1', session: '' },
      ];
      await store.append(key, [message('mine')]);
      for (const [i, other] of others.entries()) await store.append(other, [message(`theirs ${i}`)]);
      expect(await contents()).toEqual(['mine']);
      for (const [i, other] of others.entries()) expect(await contents(other)).toEqual([`theirs ${i}`]);
      await store.delete(key);
      for (const other of others) expect(await contents(other)).toHaveLength(1);
    });

    it('forgets a session, and says whether there was one', async () => {
      await store.append(key, numbered(1, 3));
      expect(await store.delete(key)).toBe(true);
      expect(await contents()).toEqual([]);
      expect(await store.delete(key)).toBe(false);
      await store.append(key, [message('anew')]);
      expect(await contents()).toEqual(['anew']);
    });

    it('forgets every session of a user, and nobody else’s', async () => {
      const own = ['s1', 's2', '*', 'a"]b'].map((session) => ({ ...key, session }));
      const others = [
        { ...key, tenant: 'globex' },
        ...['bob', 'ada*', 'ad', 'ada2', '*', '[a]da', 'ada","s1'].map((user) => ({ ...key, user })),
      ];
      for (const one of [...own, ...others]) await store.append(one, [message('kept')]);
      expect(await store.deleteAll({ tenant: key.tenant, user: key.user })).toBe(own.length);
      for (const one of own) expect(await contents(one)).toEqual([]);
      for (const one of others) expect(await contents(one)).toEqual(['kept']);
      expect(await store.deleteAll({ tenant: key.tenant, user: key.user })).toBe(0);
      expect(await store.deleteAll({ tenant: key.tenant, user: '*' })).toBe(1);
      expect(await contents({ ...key, user: 'bob' })).toEqual(['kept']);
    });

    it('forgets a session some time after its last message, not its first', async () => {
      await store.append(key, [message('first')]);
      await fixture.elapse(ttlSeconds - 1);
      await store.append(key, [message('last')]);
      await fixture.elapse(ttlSeconds - 1);
      expect(await contents()).toEqual(['first', 'last']);
      await fixture.elapse(1);
      expect(await contents()).toEqual([]);
      expect(await store.delete(key)).toBe(false);
    });

    it('begins anew after a session has expired', async () => {
      await store.append(key, [message('long ago')]);
      await fixture.elapse(ttlSeconds);
      await store.append(key, [message('today')]);
      expect(await contents()).toEqual(['today']);
    });

    it('keeps what each of several writers appends together and in its order', async () => {
      const batchSizes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 });
      await fc.assert(
        fc.asyncProperty(fc.array(batchSizes, { minLength: 1, maxLength: 4 }), fc.uuid(), async (writers, session) => {
          const own = { ...key, session };
          await Promise.all(
            writers.map(async (sizes, writer) => {
              for (const [batch, size] of sizes.entries()) {
                await store.append(
                  own,
                  Array.from({ length: size }, (_, i) => message(`${writer}/${batch}/${i}`)),
                );
              }
            }),
          );
          const kept = await contents(own);
          const written = writers.map((sizes, writer) =>
            sizes.map((size, batch) => Array.from({ length: size }, (_, i) => `${writer}/${batch}/${i}`)),
          );
          const total = written.flat(2).length;
          expect(kept).toHaveLength(Math.min(total, keptMessages));
          for (const batches of written) {
            const places = batches
              .flat()
              .map((content) => kept.indexOf(content))
              .filter((place) => place >= 0);
            expect(places).toEqual([...places].sort((a, b) => a - b));
          }
          for (const batch of written.flat()) {
            const places = batch.map((content) => kept.indexOf(content)).filter((place) => place >= 0);
            expect(places).toEqual(places.map((_, i) => (places[0] ?? 0) + i));
          }
        }),
        { numRuns: 15 },
      );
    });
  });
}
