import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Completion, llmRequests, orchestratorApi, requestBudget, TASK_CLASSES } from '../../../contract/index.js';
import { type Behaviour, FakeProvider } from '../../../test/support/fake-provider.js';
import { hurriedTimers } from '../../../test/support/hurried-timers.js';
import { loopTimeOf } from '../../../test/support/loop-time.js';
import { startOrchestrator, type TestOrchestrator, testCost } from '../../../test/support/orchestrator.js';
import { until } from '../../../test/support/until.js';
import type { Ledger } from '../../ledger/ledger.js';
import { loadTokenCounter } from '../../llm/tokens.js';
import { ada } from '../../runtime/service.fixture.js';

const MODEL_CALL_MS = 300;
const messages = [{ role: 'user' as const, content: 'Compare two seals and justify the choice step by step.' }];

const callerOf = (signal = new AbortController().signal) => ({
  identity: { ...ada, tier: 'enterprise' as const },
  requestId: 'r1',
  traceparent: '00-0123456789abcdef0123456789abcdef-0123456789abcdef-01',
  signal,
});

describe('the orchestrator among providers that fail', () => {
  let behaviourOf: (model: string, n: number) => Behaviour;
  let provider: FakeProvider;
  let platform: TestOrchestrator | undefined;
  beforeEach(async () => {
    await Promise.all([import('@langchain/openai'), loadTokenCounter('gpt-weak')]);
    behaviourOf = () => 'ok';
    let calls = 0;
    provider = await FakeProvider.start({
      behave: ({ model }) => behaviourOf(model, calls++),
      costOf: testCost,
    });
  });
  afterEach(async () => {
    await platform?.close();
    await provider.stop();
  });
  const start = async (props: Partial<Parameters<typeof startOrchestrator>[0]> = {}) => {
    platform = await startOrchestrator({
      providerUrl: provider.url,
      timers: hurriedTimers({ modelCallMs: MODEL_CALL_MS, pausesShorter: 20 }),
      ...props,
    });
    return platform.client;
  };
  type Client = TestOrchestrator['client'];
  const invoke = (client: Client, rest: object = {}) =>
    client.call(orchestratorApi.invoke, { body: { messages, ...rest } }, callerOf());
  const callsOf = (model: string) => provider.calls.filter((call) => call.model === model).length;

  /** Each of two keys has a breaker, which five failures in a row open. Left the choice, the router would be elsewhere by then. */
  const openBreakers = async (client: Client) => {
    for (let i = 0; callsOf('gpt-strong') < 10; i += 1) {
      expect(i).toBeLessThan(20);
      await expect(invoke(client, { model: 'gpt-strong' })).rejects.toMatchObject({ status: 503 });
    }
  };

  it.each<Behaviour>(['rate-limited', 'server-error', 'hang', 'reset', 'half', 'cut', 'garbage', 'slow'])(
    'answers by the other model while one does nothing but: %s',
    async (behaviour) => {
      behaviourOf = (model) => (model === 'gpt-strong' ? behaviour : 'ok');
      const client = await start();
      const started = performance.now();
      const { model, content } = await invoke(client);
      expect([model, content.startsWith('word0 word1')]).toEqual([
        behaviour === 'slow' ? 'gpt-strong' : 'gpt-weak',
        true,
      ]);
      expect(performance.now() - started).toBeLessThan(requestBudget.agentRunMs);
    },
  );

  it('calls no more than 1.1 times as often as it is asked, once the breakers of what fails are open', async () => {
    behaviourOf = (model) => (model === 'gpt-strong' ? 'server-error' : 'ok');
    const client = await start();
    await openBreakers(client);
    const before = provider.calls.length;
    const requests = 100;
    const answers = await Promise.all(Array.from({ length: requests }, () => invoke(client)));
    expect(answers.every(({ model }) => model === 'gpt-weak')).toBe(true);
    const attempts = provider.calls.length - before;
    expect(attempts).toBeGreaterThanOrEqual(requests);
    expect(attempts).toBeLessThanOrEqual(1.1 * requests);
  });

  it('passes over a model whose every key has an open breaker, and says so in the decision', async () => {
    behaviourOf = (model) => (model === 'gpt-strong' ? 'server-error' : 'ok');
    const client = await start();
    await openBreakers(client);
    const { decision } = await invoke(client);
    expect(decision).toMatchObject({ preferred: 'gpt-strong', model: 'gpt-weak', fallbacks: ['gpt-strong'] });
    expect(decision.reasons.at(-1)).toBe('gpt-strong is left alone after failures; gpt-weak answers');
    const told = await client.call(orchestratorApi.route, { body: { prompt: messages[0]?.content ?? '' } }, callerOf());
    expect(told).toEqual(decision);
  });

  it('leaves a model that fails before its breakers open, and asks it again when that is a while ago', async () => {
    behaviourOf = (model) => (model === 'gpt-strong' ? 'server-error' : 'ok');
    let now = Date.now();
    const client = await start({ parts: { clock: () => now } });
    await invoke(client);
    await invoke(client);
    const { model, decision } = await invoke(client);
    expect([model, decision.reasons.at(-1)]).toEqual([
      'gpt-weak',
      'gpt-strong fails 100 % of its calls; gpt-weak answers',
    ]);
    expect(callsOf('gpt-strong')).toBe(6);
    behaviourOf = () => 'ok';
    now += 60_000;
    expect((await invoke(client)).model).toBe('gpt-strong');
  });

  it('asks a late model a second time, and books both calls once: one as the provider tells, one as an estimate', async () => {
    behaviourOf = (_, n) => (n >= 20 && n % 2 === 0 ? 'hang' : 'ok');
    const client = await start({ hedgeAfter: 100, timers: hurriedTimers({ modelCallMs: 10_000 }) });
    // Second calls are at most a twentieth of all.
    for (let i = 0; i < 20; i += 1) await invoke(client);
    const { value, ms } = await loopTimeOf(() => invoke(client));
    expect(value.model).toBe('gpt-strong');
    expect(ms).toBeLessThan(10_000);
    expect(provider.calls).toHaveLength(22);
    expect(new Set(provider.calls.slice(-2).map(({ key }) => key)).size).toBe(2);
    const booked = async () => (await platform?.ledger.find(provider.calls.map(({ id }) => id))) ?? [];
    await until('both calls are booked', async () => (await booked()).length === 22);
    const [total] = (await platform?.ledger.totals({ tenant: ada.tenant }, [])) ?? [];
    expect(total).toMatchObject({ calls: 22, estimatedCalls: 1 });
    const hedged = await platform?.options.metrics.read(llmRequests);
    expect(hedged?.find(({ labels }) => labels.outcome === 'hedged')?.value).toBe(1);
  });

  it('goes on with the key that works when the other is what fails', async () => {
    behaviourOf = () => (provider.calls.at(-1)?.key === 'first' ? 'server-error' : 'ok');
    const client = await start();
    for (let i = 0; i < 12; i += 1) expect((await invoke(client)).model).toBe('gpt-strong');
    const keys = provider.calls.slice(-4).map(({ key }) => key);
    expect(keys).toEqual(['second', 'second', 'second', 'second']);
  });

  it('says that no model is there, and when to come back', async () => {
    behaviourOf = () => 'server-error';
    const client = await start();
    await expect(invoke(client)).rejects.toMatchObject({
      status: 503,
      code: 'unavailable',
      headers: { 'retry-after': expect.stringMatching(/^[1-9]\d*$/) },
    });
  });

  it('answers from earlier when no model does, and says that this is stale', async () => {
    const client = await start();
    const cache = { question: 'Which seal is better?', knowledge: 'docs@1' };
    const personal = { ...cache, question: 'What is my order today?' };
    await invoke(client, { cache: personal });
    const earlier = await invoke(client, { cache });
    behaviourOf = () => 'server-error';
    // The exact levels still have it; asked with another temperature they do not, and no model answers.
    const later = await invoke(client, { cache, temperature: 0.5 });
    expect(later).toMatchObject({ content: earlier.content, cost_usd: 0, cache: { level: 'stale' } });
    // Never over other documents, nor another question, nor what may be true for one user only.
    for (const other of [{ ...cache, knowledge: 'docs@2' }, { ...cache, question: 'Which pump is better?' }, personal])
      await expect(invoke(client, { cache: other })).rejects.toMatchObject({ status: 503 });
  });

  it.each<Behaviour>(['half', 'cut', 'hang'])(
    'tells the reader of a stream clearly when it breaks off: %s',
    async (behaviour) => {
      behaviourOf = () => behaviour;
      const client = await start();
      const read = async () => {
        let text = '';
        for await (const part of await client.stream(orchestratorApi.stream, { body: { messages } }, callerOf()))
          if ('delta' in part) text += part.delta;
        return text;
      };
      await expect(read()).rejects.toThrow();
    },
  );

  it('ends with an answer or a clear error for each of many requests, whatever the providers do', async () => {
    const all: Behaviour[] = [
      'ok',
      'hang',
      'server-error',
      'garbage',
      'ok',
      'half',
      'slow',
      'rate-limited',
      'reset',
      'cut',
    ];
    behaviourOf = (_, n) => all[n % all.length] ?? 'ok';
    // At the true pace, for the breakers keep theirs: they would else stay open for most of it.
    const client = await start({ timers: hurriedTimers({ modelCallMs: MODEL_CALL_MS }) });
    const ends = await Promise.all(
      Array.from({ length: 60 }, async () => {
        const started = performance.now();
        const end = await invoke(client).then(
          ({ content }: Completion) => (content.startsWith('word0') ? 'answered' : `wrong: ${content}`),
          (error: { status?: number }) => String(error.status),
        );
        return { end, ms: performance.now() - started };
      }),
    );
    expect(ends.map(({ end }) => end).filter((end) => end !== 'answered' && end !== '503')).toEqual([]);
    expect(ends.filter(({ end }) => end === 'answered').length).toBeGreaterThan(15);
    expect(Math.max(...ends.map(({ ms }) => ms))).toBeLessThan(requestBudget.agentRunMs);
  });

  describe('with parts of its own that hang', () => {
    let socket: Server;
    let connections: number;
    let ending: AbortController;
    beforeEach(async () => {
      ending = new AbortController();
      connections = 0;
      // Takes connections and what is sent, and never says anything.
      socket = createServer((connection) => {
        connections += 1;
        connection.on('error', () => undefined).resume();
      });
      await once(socket.listen(0, '127.0.0.1'), 'listening');
    });
    afterEach(async () => {
      ending.abort();
      await new Promise((resolve) => socket.close(resolve));
    });
    const hung = () => fetch(`http://127.0.0.1:${(socket.address() as AddressInfo).port}`, { signal: ending.signal });

    const dead = async () => Promise.reject(new Error('dead'));
    const hangs = async () => (await hung()).json() as Promise<never>;
    const ways: [string, () => Promise<never>][] = [
      ['hangs', hangs],
      ['is dead', dead],
    ];
    /** Every part has its own limit, of 2 s at most. */
    const WITHIN_MS = 6_000;
    const answered = async (client: Client, rest: object = {}) => {
      const { value: completion, ms } = await loopTimeOf(() => invoke(client, rest));
      expect(completion.content).toContain('word0');
      expect(ms).toBeLessThan(WITHIN_MS);
      return { ...completion, ms };
    };

    it.each(ways)('answers by the rules when the classifier %s', async (_, classify) => {
      const client = await start({ parts: { classifier: { classify } } });
      const { decision } = await answered(client);
      expect(TASK_CLASSES).toContain(decision.class);
      expect(decision.reasons[0]).toBe('the classifier is away, so that rules decide');
      expect(connections).toBe(classify === hangs ? 1 : 0);
    });

    it.each(ways)('answers when each of the caches %s', async (_, fail) => {
      let asked = 0;
      const ask = () => {
        asked += 1;
        return fail();
      };
      const cacheStore = { get: ask, claim: ask, renew: ask, fill: ask, release: ask, invalidate: ask };
      const client = await start({
        parts: {
          cacheStore: { ...cacheStore, listen: () => () => undefined },
          answerIndex: { put: ask, nearest: ask, deleteByDocument: ask },
        },
      });
      const cache = { question: 'Which seal is better?', knowledge: 'docs@1' };
      expect((await answered(client, { cache })).cache.level).toBe('source');
      // Near at hand it is kept all the same.
      expect((await answered(client, { cache })).cache.level).toBe('l1');
      expect(asked).toBeGreaterThan(1);
    });

    it.each(ways)('answers when the ledger %s: the first waits a little, the others hardly', async (_, fail) => {
      const ledger = { record: fail, spent: fail, claimAlert: fail } as unknown as Ledger;
      const client = await start({ ledger, budgets: [{ tenant: '*', period: 'day', limitUsd: 1 }] });
      const times: number[] = [];
      for (let i = 0; i < 3; i += 1) times.push((await answered(client)).ms);
      expect(times[2]).toBeLessThan(fail === hangs ? (times[0] ?? 0) : WITHIN_MS);
      ending.abort();
      const ok = await platform?.options.metrics.read(llmRequests);
      expect(ok?.find(({ labels }) => labels.outcome === 'ok')?.value).toBe(3);
    });
  });
});
