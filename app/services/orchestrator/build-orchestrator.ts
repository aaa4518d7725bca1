import type { FastifyInstance } from 'fastify';
import {
  type Completion,
  canaryPolicy,
  type Invocation,
  orchestratorApi,
  routeDecisions,
  VIRTUAL_MODELS,
} from '../../../contract/index.js';
import type { ExperimentStore } from '../../experiments/experiment-store.js';
import type { BudgetKeeper } from '../../ledger/budget-keeper.js';
import type { Ledger } from '../../ledger/ledger.js';
import { type EmbedDeps, embed } from '../../llm/embed.js';
import { AllCandidatesFailed } from '../../resilience/all-candidates-failed.js';
import type { Caller } from '../../runtime/caller.js';
import { abortSignalOf } from '../../runtime/client-signal.js';
import type { Clock } from '../../runtime/clock.js';
import { errors, ServiceError } from '../../runtime/errors.js';
import { serveOperation, serveStream } from '../../runtime/serve-operation.js';
import { buildServer, type ServerOptions } from '../../runtime/server.js';
import { type AnswerCache, UNCACHED } from './answer-cache.js';
import { type CallModelDeps, callModel, streamModel, toldToCaller } from './call-model.js';
import { addExperimentRoutes, forgetUnits } from './experiment-routes.js';
import type { LastAnswers } from './last-answers.js';
import { type PlanDeps, planRoute } from './plan-route.js';
import { recordCacheHit } from './record-cache-hit.js';
import { usageReport } from './usage-report.js';

export interface OrchestratorDeps extends PlanDeps, CallModelDeps {
  readonly answers: AnswerCache;
  readonly lastAnswers: LastAnswers;
  readonly ledger: Pick<Ledger, 'totals' | 'forgetUser'>;
  readonly budgets: BudgetKeeper;
  readonly experiments: ExperimentStore;
  readonly embedding: EmbedDeps;
  readonly clock: Clock;
}

/** Routes prompts to models: caches before, resilience around, the ledger after; and the experiments that vary them. */
export function buildOrchestrator(deps: OrchestratorDeps, options: ServerOptions): FastifyInstance {
  const app = buildServer({ ...options, bodyLimitBytes: options.bodyLimitBytes ?? BODY_LIMIT_BYTES });

  const { release = canaryPolicy.stableVersion } = options;

  const plan = async (request: Invocation, caller: Caller) => {
    const planned = await planRoute(deps, request, caller.identity);
    options.metrics.count(routeDecisions, { class: planned.decision.class, model: planned.decision.model });
    return planned;
  };

  const complete = async (request: Invocation, caller: Caller): Promise<Completion> => {
    const { decision, models } = await plan(request, caller);
    let asked = false;
    const ask = async () => {
      asked = true;
      const answer = { ...(await callModel(deps, { request, models, caller })), release };
      deps.lastAnswers.keep(request, decision.model, caller, answer);
      return answer;
    };
    try {
      const { answer, cache } = await deps.answers.getOrAsk(request, decision.model, caller, ask);
      if (!asked) await recordCacheHit(deps, request, caller, answer);
      return { ...answer, decision, cache };
    } catch (error) {
      if (!isOutage(error)) throw error;
      const last = await deps.lastAnswers.find(request, decision.model, caller);
      if (last === undefined) throw error;
      await recordCacheHit(deps, request, caller, last);
      const reason = 'no model answers now; this was answered earlier, over the same documents';
      return { ...last, decision, cache: { level: 'stale', reason } };
    }
  };

  serveOperation(app, orchestratorApi.invoke, ({ body, caller }) => complete(body, caller));

  serveStream(app, orchestratorApi.stream, async ({ body, caller }, send) => {
    const { decision, models } = await plan(body, caller);
    const answer = await streamModel(deps, { request: body, models, caller }, (delta) => send({ delta }));
    await send({ completion: { ...answer, release, decision, cache: UNCACHED } });
  });

  serveOperation(app, orchestratorApi.embed, async ({ body: { texts, feature, model }, caller }) => {
    const { spec } = deps.embedding;
    if (model !== VIRTUAL_MODELS.auto && model !== spec.id) throw errors.notFound('model', model);
    const { traceparent, identity: owner } = caller;
    const signal = abortSignalOf(caller.signal);
    const { vectors, usage } = await embed(deps.embedding, texts, { owner, feature, traceparent, signal }).catch(
      (error: unknown) => {
        throw error instanceof AllCandidatesFailed ? toldToCaller(error) : error;
      },
    );
    return { model: spec.id, vectors, usage };
  });

  serveOperation(app, orchestratorApi.models, async () => ({
    models: deps.models.map(({ id, provider, role, contextWindowTokens }) => ({
      id,
      provider,
      role,
      context_window: contextWindowTokens,
      available: deps.available.has(id),
    })),
    embedding: {
      id: deps.embedding.spec.id,
      provider: deps.embedding.spec.provider,
      dimensions: deps.embedding.spec.dimensions,
    },
  }));

  serveOperation(app, orchestratorApi.route, async ({ body, caller }) => {
    const messages = [{ role: 'user' as const, content: body.prompt }];
    return (await planRoute(deps, { messages, model: 'auto', priority: body.priority }, caller.identity)).decision;
  });

  serveOperation(app, orchestratorApi.usage, ({ query, caller }) => usageReport(deps, caller.identity, query));

  serveOperation(app, orchestratorApi.spending, async ({ caller }) => {
    const totals = await deps.ledger.totals({ tenant: caller.identity.tenant }, ['model']);
    return {
      models: totals.map((total) => ({
        model: total.of.model ?? '',
        calls: total.calls,
        input_tokens: total.inputTokens,
        output_tokens: total.outputTokens,
        cost_usd: total.costMicroUsd / 1e6,
      })),
    };
  });

  serveOperation(app, orchestratorApi.forgetAnswers, async ({ params, caller }) => {
    await deps.answers.forgetDocument(caller, params.id);
    return { document_id: params.id };
  });

  serveOperation(app, orchestratorApi.forgetUser, async ({ caller }) => {
    await forgetUnits(deps.experiments, caller);
    return { ledger_entries: await deps.ledger.forgetUser(caller.identity) };
  });

  addExperimentRoutes(app, deps, options);
  return app;
}

/** Nobody answers, rather than that the request is wrong or its budget spent. */
function isOutage(error: unknown): boolean {
  return error instanceof ServiceError && (error.status === 502 || error.status === 503);
}

/** A batch of the longest texts and a prompt of the widest window both fit. */
const BODY_LIMIT_BYTES = 16 * 1_048_576;
