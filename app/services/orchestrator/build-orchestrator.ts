import type { FastifyInstance } from 'fastify';
import {
  type Completion,
  embeddingModels,
  experimentExposures,
  type Invocation,
  orchestratorApi,
  routeDecisions,
  VIRTUAL_MODELS,
} from '../../../contract/index.js';
import { assignVariant } from '../../experiments/assign.js';
import type { ExperimentStore } from '../../experiments/experiment-store.js';
import { summarise } from '../../experiments/summarise.js';
import { loadTokenCounter } from '../../llm/tokens.js';
import type { Caller } from '../../runtime/caller.js';
import { errors } from '../../runtime/errors.js';
import { serveOperation, serveStream } from '../../runtime/serve-operation.js';
import { buildServer, type ServerOptions } from '../../runtime/server.js';
import { type AnswerCache, UNCACHED } from './answer-cache.js';
import { type CallModelDeps, callModel, streamModel } from './call-model.js';
import { type PlanDeps, planRoute } from './plan-route.js';

export interface OrchestratorDeps extends PlanDeps, Omit<CallModelDeps, 'metrics'> {
  readonly answers: AnswerCache;
  readonly experiments: ExperimentStore;
  readonly embedding: {
    readonly spec: (typeof embeddingModels)[keyof typeof embeddingModels];
    readonly embed: (texts: readonly string[], signal: AbortSignal) => Promise<number[][]>;
  };
}

/** Routes prompts to models: caches before, resilience around, the ledger after; and the experiments that vary them. */
export function buildOrchestrator(deps: OrchestratorDeps, options: ServerOptions): FastifyInstance {
  const app = buildServer({ ...options, bodyLimitBytes: options.bodyLimitBytes ?? BODY_LIMIT_BYTES });
  const calling = { ...deps, metrics: options.metrics };

  const plan = async (request: Invocation, caller: Caller) => {
    const planned = await planRoute(deps, request, caller.identity);
    options.metrics.count(routeDecisions, { class: planned.decision.class, model: planned.decision.model });
    return planned;
  };

  const complete = async (request: Invocation, caller: Caller): Promise<Completion> => {
    const { decision, models } = await plan(request, caller);
    const ask = () => callModel(calling, { request, models, caller });
    const { answer, cache } = await deps.answers.getOrAsk(request, decision.model, caller, ask);
    return { ...answer, decision, cache };
  };

  serveOperation(app, orchestratorApi.invoke, ({ body, caller }) => complete(body, caller));

  serveStream(app, orchestratorApi.stream, async function* ({ body, caller }) {
    const { decision, models } = await plan(body, caller);
    const pieces = streamModel(calling, { request: body, models, caller });
    let next = await pieces.next();
    for (; next.done !== true; next = await pieces.next()) yield { delta: next.value };
    yield { completion: { ...next.value, decision, cache: UNCACHED } };
  });

  serveOperation(app, orchestratorApi.embed, async ({ body, caller }) => {
    const { spec, embed } = deps.embedding;
    if (body.model !== VIRTUAL_MODELS.auto && body.model !== spec.id) throw errors.notFound('model', body.model);
    const [vectors, counter] = await Promise.all([embed(body.texts, caller.signal), loadTokenCounter(spec.id)]);
    const inputTokens = body.texts.reduce((sum, text) => sum + counter.count(text), 0);
    return { model: spec.id, vectors, usage: { input_tokens: inputTokens, output_tokens: 0 } };
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
      provider: deps.embedding.spec === embeddingModels.openai ? 'openai' : 'local',
      dimensions: deps.embedding.spec.dimensions,
    },
  }));

  serveOperation(app, orchestratorApi.route, async ({ body, caller }) => {
    const messages = [{ role: 'user' as const, content: body.prompt }];
    return (await planRoute(deps, { messages, model: 'auto', priority: body.priority }, caller.identity)).decision;
  });

  serveOperation(app, orchestratorApi.spending, async ({ caller }) => {
    const totals = await deps.ledger.totals({ tenant: caller.identity.tenant });
    return {
      models: totals.map((total) => ({
        model: total.model,
        calls: total.calls,
        input_tokens: total.inputTokens,
        output_tokens: total.outputTokens,
        cost_usd: total.costMicroUsd / 1e6,
      })),
    };
  });

  serveOperation(app, orchestratorApi.forgetUser, async ({ caller }) => {
    await deps.experiments.forget(unitOf(caller));
    return { ledger_entries: await deps.ledger.forgetUser(caller.identity) };
  });

  addExperiments(app, deps, options);
  return app;
}

/** A batch of the longest texts and a prompt of the widest window both fit. */
const BODY_LIMIT_BYTES = 16 * 1_048_576;

function addExperiments(
  app: FastifyInstance,
  { experiments, clock }: OrchestratorDeps,
  { metrics }: ServerOptions,
): void {
  const active = async () => (await experiments.list()).filter((experiment) => experiment.active);

  serveOperation(app, orchestratorApi.assign, async ({ caller }) => {
    const unit = unitOf(caller);
    const assignments = (await active()).map((experiment) => ({
      experiment: experiment.name,
      chosen: assignVariant(experiment, unit),
    }));
    for (const { experiment, chosen } of assignments) {
      const first = await experiments.expose({ experiment, variant: chosen.name, unit, at: clock() });
      if (first) metrics.count(experimentExposures, { experiment, variant: chosen.name });
    }
    return {
      assignments: assignments.map(({ experiment, chosen }) => ({
        experiment,
        variant: chosen.name,
        config: chosen.config,
      })),
    };
  });

  serveOperation(app, orchestratorApi.observe, async ({ body, caller }) => {
    const decided = (await active()).filter(({ metric }) => metric === body.metric);
    if (decided.length === 0) throw errors.notFound('metric', body.metric);
    for (const { name } of decided) {
      await experiments.observe({
        experiment: name,
        unit: unitOf(caller),
        metric: body.metric,
        value: body.value,
        at: clock(),
      });
    }
    return { recorded: decided.length };
  });

  serveOperation(app, orchestratorApi.experiments, async () => ({
    experiments: await Promise.all(
      (await experiments.list()).map(async (experiment) => {
        const summaries = summarise(experiment, await experiments.totals(experiment.name, experiment.metric));
        return {
          name: experiment.name,
          metric: experiment.metric,
          active: experiment.active,
          variants: summaries.map((summary, i) => ({
            name: summary.variant,
            share: experiment.variants[i]?.share ?? 0,
            units: summary.units,
            observations: summary.measuredUnits,
            mean: summary.mean,
            standard_error: summary.standardError,
          })),
        };
      }),
    ),
  }));
}

/** Users of the same name in two tenants are two units. */
function unitOf({ identity }: Caller): string {
  return JSON.stringify([identity.tenant, identity.user]);
}
