import type { FastifyInstance } from 'fastify';
import { MemoryAnswerIndex } from '../../app/adapters/memory/memory-answer-index.js';
import { MemoryCacheStore } from '../../app/adapters/memory/memory-cache-store.js';
import { IN_MEMORY, openDatabase } from '../../app/adapters/sql/database.js';
import { SqlExperimentStore } from '../../app/adapters/sql/sql-experiment-store.js';
import { SqlLedger } from '../../app/adapters/sql/sql-ledger.js';
import type { Ledger } from '../../app/ledger/ledger.js';
import type { ServerOptions } from '../../app/runtime/server.js';
import { testOptions } from '../../app/runtime/service.fixture.js';
import { ServiceClient } from '../../app/runtime/service-client.js';
import type { Timers } from '../../app/runtime/timers.js';
import { type OrchestratorParts, wireOrchestrator } from '../../app/services/orchestrator/wire-orchestrator.js';
import {
  type BudgetSpec,
  costMicroUsd,
  embeddingModels,
  type ModelSpec,
  modelTable,
  orchestrator,
} from '../../contract/index.js';

/** Two models of one provider, whose input and output cost something each. */
export const testModels: readonly ModelSpec[] = modelTable.parse([
  {
    id: 'gpt-weak',
    provider: 'openai',
    role: 'cheap',
    inputMicroUsdPer1kTokens: 500,
    outputMicroUsdPer1kTokens: 1_500,
    contextWindowTokens: 16_000,
    typicalLatencyMs: 500,
  },
  {
    id: 'gpt-strong',
    provider: 'openai',
    role: 'strong',
    inputMicroUsdPer1kTokens: 10_000,
    outputMicroUsdPer1kTokens: 30_000,
    contextWindowTokens: 128_000,
    typicalLatencyMs: 1_500,
    fallbacks: ['gpt-weak'],
  },
]);

/** What a call costs, chat or embedding, by the table of the tests. */
export function testCost(
  model: string,
  { input, output }: { readonly input: number; readonly output: number },
): number {
  const spec = testModels.find(({ id }) => id === model);
  if (spec !== undefined) return costMicroUsd(spec, { inputTokens: input, outputTokens: output });
  return Math.ceil((input * embeddingModels.openai.microUsdPer1kTokens) / 1000);
}

export interface TestOrchestrator {
  readonly app: FastifyInstance;
  readonly ledger: Ledger;
  readonly options: ServerOptions;
  /** Calls it over loopback. */
  readonly client: ServiceClient;
  close(): Promise<void>;
}

export interface TestOrchestratorProps {
  readonly providerUrl: string;
  readonly keys?: readonly string[];
  readonly budgets?: readonly BudgetSpec[];
  /** Of the calls of models. @default the process's own */
  readonly timers?: Timers;
  readonly hedgeAfter?: number;
  readonly models?: readonly ModelSpec[];
  /** @default SQLite in memory */
  readonly ledger?: Ledger;
  readonly parts?: Partial<OrchestratorParts>;
}

/** The orchestrator as it runs, on embedded stores and a provider of the test's, listening on a free port of loopback. */
export async function startOrchestrator(props: TestOrchestratorProps): Promise<TestOrchestrator> {
  const db = await openDatabase({ path: IN_MEMORY });
  const clock = Date.now;
  const ledger = props.ledger ?? new SqlLedger(db);
  const options = testOptions(orchestrator);
  const { app } = await wireOrchestrator(
    {
      ledger,
      experiments: new SqlExperimentStore(db),
      cacheStore: new MemoryCacheStore(clock),
      answerIndex: new MemoryAnswerIndex(clock),
      providers: {
        openaiApiKeys: [...(props.keys ?? ['first', 'second'])],
        openaiBaseUrl: props.providerUrl,
        anthropicApiKeys: undefined,
        models: [...(props.models ?? testModels)],
        routerModel: undefined,
        hedgeAfter: props.hedgeAfter,
        budgets: props.budgets === undefined ? undefined : [...props.budgets],
      },
      clock,
      ...(props.timers && { timers: props.timers }),
      ...props.parts,
    },
    options,
  );
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    app,
    ledger,
    options,
    client: new ServiceClient({ orchestrator: url }),
    close: async () => {
      const closed = app.close();
      // Of a client that gave up a request, Node keeps a connection on which nothing was asked yet for half a minute.
      app.server.closeAllConnections();
      await closed;
      await db.destroy();
    },
  };
}
