import { NoModelFits } from '../../app/router/no-model-fits.js';
import { route } from '../../app/router/route.js';
import {
  costMicroUsd,
  type ModelSpec,
  requestDefaults,
  TASK_CLASSES,
  type TaskClass,
  TIERS,
  type Tier,
} from '../../contract/index.js';
import type { Assumptions } from './assumptions.js';

/** One model with what it costs and takes, and what the router tries after it. */
export interface ModelChoice {
  readonly model: ModelSpec;
  readonly fallbacks: readonly ModelSpec[];
}

/** The models of the contract as the router chooses them here. */
export class ModelMix {
  readonly models: readonly ModelSpec[];
  readonly #choices: Readonly<Record<Tier, Readonly<Partial<Record<TaskClass, ModelChoice>>>>>;
  /** Shares of a tier's calls that each model gets first, by the model's place in {@link models}. */
  readonly shares: Readonly<Record<Tier, readonly number[]>>;

  /** @param available ids of the models that have a key in this environment */
  constructor(
    models: readonly ModelSpec[],
    private readonly available: ReadonlySet<string>,
    private readonly assumed: Assumptions,
  ) {
    const { latencyMs } = assumed.models;
    const timed = models.map((model) => ({
      ...model,
      typicalLatencyMs: latencyMs[model.id] ?? model.typicalLatencyMs,
    }));
    this.models = timed.filter(({ id }) => available.has(id));
    const choicesOf = (tier: Tier) =>
      Object.fromEntries(TASK_CLASSES.map((taskClass) => [taskClass, this.#route(timed, tier, taskClass)]));
    this.#choices = Object.fromEntries(TIERS.map((tier) => [tier, choicesOf(tier)])) as Record<
      Tier,
      Partial<Record<TaskClass, ModelChoice>>
    >;
    const sharesOf = (tier: Tier) => this.models.map(({ id }) => this.#shareOf(id, tier));
    this.shares = Object.fromEntries(TIERS.map((tier) => [tier, sharesOf(tier)])) as Record<Tier, number[]>;
  }

  /** The router's own choice. Undefined where the tier has no model here. */
  choice(tier: Tier, taskClass: TaskClass): ModelChoice | undefined {
    return this.#choices[tier][taskClass];
  }

  /** What one call costs, in micro-dollars. */
  costMicroUsd(model: ModelSpec): number {
    const { promptTokens, answerTokens } = this.assumed.requests;
    return costMicroUsd(model, { inputTokens: promptTokens, outputTokens: answerTokens });
  }

  /** Calls per second that the model's provider grants; the local answerer has no limit but the processor. */
  callsPerSecond({ provider }: ModelSpec): number {
    const { providerRequestsPerMinute, providerTokensPerMinute } = this.assumed.models;
    const { promptTokens, answerTokens } = this.assumed.requests;
    const byRequests = providerRequestsPerMinute[provider] ?? Number.POSITIVE_INFINITY;
    const byTokens = (providerTokensPerMinute[provider] ?? Number.POSITIVE_INFINITY) / (promptTokens + answerTokens);
    return Math.min(byRequests, byTokens) / 60;
  }

  #shareOf(model: string, tier: Tier): number {
    const { classes } = this.assumed.requests;
    const chosen = TASK_CLASSES.filter((taskClass) => this.choice(tier, taskClass)?.model.id === model);
    return chosen.reduce((sum, taskClass) => sum + (classes[taskClass] ?? 0), 0);
  }

  #route(models: readonly ModelSpec[], tier: Tier, taskClass: TaskClass): ModelChoice | undefined {
    try {
      const decision = route({
        class: taskClass,
        tier,
        priority: 'balanced',
        promptTokens: Math.ceil(this.assumed.requests.promptTokens),
        maxOutputTokens: requestDefaults.maxOutputTokens,
        models,
        available: this.available,
      });
      const named = (id: string) => models.filter((model) => model.id === id);
      const [model] = named(decision.model);
      return model && { model, fallbacks: decision.fallbacks.flatMap(named) };
    } catch (error) {
      if (error instanceof NoModelFits) return undefined;
      throw error;
    }
  }
}
