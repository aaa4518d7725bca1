import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { memory, memoryApi, memoryPolicy } from '../../../contract/index.js';
import { IN_MEMORY, openDatabase } from '../../adapters/sql/database.js';
import { SqlConversationStore } from '../../adapters/sql/sql-conversation-store.js';
import { ada, bob, eve, inject, testOptions } from '../../runtime/service.fixture.js';
import { buildMemory } from './build-memory.js';

describe('the memory service', () => {
  let app: FastifyInstance;
  let close: () => Promise<void>;
  beforeEach(async () => {
    const db = await openDatabase({ path: IN_MEMORY });
    const clock = () => Date.UTC(2026, 0, 1);
    app = buildMemory({ conversations: new SqlConversationStore(db, clock), clock }, testOptions(memory));
    close = async () => {
      await app.close();
      await db.destroy();
    };
  });
  afterEach(() => close());

  const params = { session: 's1' };
  const say = (...contents: string[]) =>
    inject(app, memoryApi.append, {
      params,
      body: { messages: contents.map((content) => ({ role: 'user' as const, content })) },
    });

  it('returns the newest messages in the order of the conversation', async () => {
    await say('one', 'two');
    await say('three');
    const { body } = await inject(app, memoryApi.read, { params, query: { max_messages: 2 } });
    expect(body.messages).toEqual([
      { role: 'user', content: 'two', at: '2026-01-01T00:00:00.000Z' },
      { role: 'user', content: 'three', at: '2026-01-01T00:00:00.000Z' },
    ]);
  });

  it('keeps a session to its user and tenant', async () => {
    await say('secret');
    for (const other of [bob, eve, { ...eve, user: ada.user }]) {
      expect((await inject(app, memoryApi.read, { params }, other)).status).toBe(404);
      expect((await inject(app, memoryApi.forget, { params }, other)).status).toBe(404);
    }
    expect((await inject(app, memoryApi.read, { params })).status).toBe(200);
  });

  it('forgets a session once', async () => {
    await say('one');
    expect((await inject(app, memoryApi.forget, { params })).status).toBe(200);
    expect((await inject(app, memoryApi.forget, { params })).status).toBe(404);
  });

  it.each([0, memoryPolicy.keptMessages + 1, 'many'])('refuses to read %s messages', async (max_messages) => {
    const { status, body } = await inject(app, memoryApi.read, { params, query: { max_messages } });
    expect([status, body.error.param]).toEqual([400, 'max_messages']);
  });

  it('refuses a session whose name could be a path', async () => {
    expect((await inject(app, memoryApi.read, { params: { session: '../s1' } })).status).toBe(400);
    // Not sent: a client tidies them away.
    for (const session of ['..', '.']) expect(memoryApi.read.params.safeParse({ session }).success).toBe(false);
  });
});
