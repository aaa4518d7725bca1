import { setTimeout as pause } from 'node:timers/promises';
import type { Ledger, LedgerEntry } from '../../app/ledger/ledger.js';
import type { InvoiceLine } from '../../app/ledger/reconcile.js';
import { loadTokenCounter } from '../../app/llm/tokens.js';
import type { Caller } from '../../app/runtime/caller.js';
import { ada, bob, eve } from '../../app/runtime/service.fixture.js';
import { type Invocation, orchestratorApi } from '../../contract/index.js';
import { type Behaviour, FAULTS, FakeProvider } from './fake-provider.js';
import { hurriedTimers } from './hurried-timers.js';
import { startOrchestrator, testCost } from './orchestrator.js';
import { mulberry32 } from './random.js';

export interface FaultyRun {
  readonly requests: number;
  /** Requests at a time. */
  readonly concurrency: number;
  readonly seed: number;
  /** Share of the provider's calls that go wrong. */
  readonly faultRatio: number;
}

/** What the ledger has of a run, beside what the provider charges for. */
export interface FaultyLedger {
  readonly entries: ReadonlyMap<string, LedgerEntry>;
  readonly invoice: readonly InvoiceLine[];
  /** How the requests ended: `answered`, `aborted`, or an error's status. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly behaviours: ReadonlyMap<string, Behaviour>;
  readonly calls: number;
  /** Calls that the provider may charge for and the ledger does not have. */
  readonly unbooked: readonly string[];
  readonly cacheHits: number;
  readonly ledger: Ledger;
  close(): Promise<void>;
}

const SETTLED_WITHIN_MS = 20_000;

/** Sends requests of every kind through the orchestrator to a provider that fails now and then, until all of it has been booked. */
export async function runUnderFaults({ requests, concurrency, seed, faultRatio }: FaultyRun): Promise<FaultyLedger> {
  const random = mulberry32(seed);
  // Read from disk on first use, which must not count as a slow call.
  await Promise.all([import('@langchain/openai'), loadTokenCounter('gpt-weak')]);
  const behaviours = new Map<string, Behaviour>();
  let faults = 0;
  const provider = await FakeProvider.start({
    costOf: testCost,
    behave: ({ id }) => {
      const behaviour = random() < faultRatio ? (FAULTS[faults++ % FAULTS.length] ?? 'ok') : 'ok';
      behaviours.set(id, behaviour);
      return behaviour;
    },
  });
  const platform = await startOrchestrator({
    providerUrl: provider.url,
    timers: hurriedTimers({ modelCallMs: 2_500 }),
  });
  const outcomes: Record<string, number> = {};
  let sent = 0;
  const work = async () => {
    while (sent < requests) {
      sent += 1;
      const outcome = await send(platform.client, sent, random);
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  const billable = () =>
    provider.calls.filter(({ id }) => !['rate-limited', 'server-error'].includes(behaviours.get(id) ?? ''));
  const bookings = async () => {
    const all = await Promise.all(
      (['reported', 'estimated'] as const).map((basis) =>
        platform.ledger.callsOn(basis, { provider: 'openai', from: 0, to: Number.MAX_SAFE_INTEGER }),
      ),
    );
    return new Map(all.flat().map((entry) => [entry.id, entry]));
  };
  const unbooked = async () => {
    const booked = await bookings();
    return billable().filter(({ id }) => !booked.has(id));
  };
  // What was given up is booked in its own time. What never is shows in the comparison.
  const deadline = performance.now() + SETTLED_WITHIN_MS;
  while ((await unbooked()).length > 0 && performance.now() < deadline) await pause(20);
  const [totals] = await platform.ledger.totals({}, []);
  return {
    entries: await bookings(),
    invoice: provider.invoice,
    outcomes,
    behaviours,
    calls: provider.calls.length,
    unbooked: (await unbooked()).map(({ id }) => `${behaviours.get(id)} ${id}`),
    cacheHits: totals?.cacheHits ?? 0,
    ledger: platform.ledger,
    close: async () => {
      await platform.close();
      await provider.stop();
    },
  };
}

type Client = Awaited<ReturnType<typeof startOrchestrator>>['client'];

async function send(client: Client, n: number, random: () => number): Promise<string> {
  const giveUp = new AbortController();
  const caller: Caller = {
    identity: [ada, bob, eve][n % 3] ?? ada,
    requestId: `r${n}`,
    traceparent: '00-0123456789abcdef0123456789abcdef-0123456789abcdef-01',
    signal: giveUp.signal,
  };
  const kind = random();
  const aborted = random() < 0.08;
  try {
    if (kind < 0.1) {
      await client.call(orchestratorApi.embed, { body: { texts: [`text ${n}`, 'another'] } }, caller);
      return 'answered';
    }
    const body = invocationOf(n, random);
    if (kind < 0.45) {
      let pieces = 0;
      for await (const part of await client.stream(orchestratorApi.stream, { body }, caller)) {
        pieces += 1;
        if (aborted && 'delta' in part && pieces === 2) giveUp.abort(new Error('the client went away'));
      }
      return 'answered';
    }
    const answer = client.call(orchestratorApi.invoke, { body }, caller);
    if (aborted) setImmediate(() => giveUp.abort(new Error('the client went away')));
    await answer;
    return 'answered';
  } catch (error) {
    if (giveUp.signal.aborted) return 'aborted';
    return typeof (error as { status?: unknown }).status === 'number'
      ? String((error as { status: number }).status)
      : 'broken off';
  }
}

const tool = { name: 'look_up', description: 'Looks something up.', parameters: { type: 'object', properties: {} } };

function invocationOf(n: number, random: () => number): Partial<Invocation> & Pick<Invocation, 'messages'> {
  const repeated = random() < 0.15;
  const question = repeated ? `What is the melting point of alloy ${n % 2}?` : `Describe part ${n} of the plan.`;
  // An answer is given again to who asks alike: with the same tools and parameters.
  const cache = { question, knowledge: 'docs@1', instructions: '', documents: [], images: [] };
  const varied = { ...(random() < 0.2 ? { tools: [tool] } : {}), ...(random() < 0.3 ? { max_tokens: 5 } : {}) };
  return {
    messages: [{ role: 'user', content: question }],
    feature: ['chat', 'agent'][n % 2] ?? 'chat',
    ...(repeated ? { cache } : varied),
  };
}
