import type { FastifyInstance } from 'fastify';
import {
  ANSWER_SCORE,
  answerScore,
  experimentExposures,
  orchestratorApi,
  scoredAnswers,
} from '../../../contract/index.js';
import { assignVariant } from '../../experiments/assign.js';
import { type Experiment, type Metric, metricsOf, variedBy } from '../../experiments/experiment.js';
import type { ExperimentStore, Outcome } from '../../experiments/experiment-store.js';
import { isOpenTo } from '../../experiments/layer.js';
import { summarise } from '../../experiments/summarise.js';
import type { Caller } from '../../runtime/caller.js';
import type { Clock } from '../../runtime/clock.js';
import { errors } from '../../runtime/errors.js';
import { serveOperation } from '../../runtime/serve-operation.js';
import type { ServerOptions } from '../../runtime/server.js';

interface ExperimentDeps {
  readonly experiments: ExperimentStore;
  readonly clock: Clock;
}

/** Assignment, exposure, outcomes and results of experiments. */
export function addExperimentRoutes(
  app: FastifyInstance,
  { experiments, clock }: ExperimentDeps,
  { metrics }: Pick<ServerOptions, 'metrics'>,
): void {
  const active = async () => (await experiments.list()).filter((experiment) => experiment.active);

  serveOperation(app, orchestratorApi.assign, async ({ body, caller }) => {
    const units = unitsOf(caller, body.session);
    const exposed = {
      user: await experiments.exposedVariants(units.user),
      session: units.session === undefined ? NONE : await experiments.exposedVariants(units.session),
    };
    const running = await active();
    return {
      assignments: running.flatMap((experiment) => {
        const unit = units[experiment.unit];
        if (unit === undefined || !isOpenTo(experiment, unit, exposed[experiment.unit], running)) return [];
        const { name: variant, config } = stay(experiment, exposed[experiment.unit]) ?? assignVariant(experiment, unit);
        return [{ experiment: experiment.name, variant, config, varies: [...variedBy(experiment)] }];
      }),
    };
  });

  serveOperation(app, orchestratorApi.expose, async ({ body, caller }) => {
    const units = unitsOf(caller, body.session);
    const known = new Map((await active()).map((experiment) => [experiment.name, experiment]));
    let first = 0;
    for (const { experiment: name, variant } of body.variants) {
      const experiment = known.get(name);
      const unit = experiment && units[experiment.unit];
      // One that was ended or changed meanwhile counts nobody more, nor does a variant whose share was taken: the split has no place for it.
      if (unit === undefined || !experiment?.variants.some((one) => one.name === variant && one.share > 0)) continue;
      if (!(await experiments.expose({ experiment: name, variant, unit, at: clock() }))) continue;
      metrics.count(experimentExposures, { experiment: name, variant });
      first += 1;
    }
    return { first };
  });

  serveOperation(app, orchestratorApi.observe, async ({ body, caller }) => {
    const units = unitsOf(caller, body.session);
    const measuring = (await active()).flatMap((experiment) => {
      const metric = metricsOf(experiment).find(({ name }) => name === body.metric);
      return metric === undefined ? [] : [{ experiment, metric }];
    });
    const { metric: name, value, answer_id: answer, release: answeredBy } = body;
    const isScore = name === ANSWER_SCORE && answer !== undefined && answeredBy !== undefined;
    if (measuring.length === 0 && !isScore) throw errors.notFound('metric', name);
    for (const { metric } of measuring) checkValue(metric, value);
    if (isScore) checkScore(value);
    /** @returns whether it counts: of an answer the same is recorded once */
    const record = async (experiment: string, unit: string): Promise<boolean> => {
      const measured = { experiment, unit, metric: name, value, at: clock() };
      if (answer !== undefined)
        return recordOnce(experiments, { ...measured, sender: units.user, id: `${answer}/${name}` });
      await experiments.observe(measured);
      return true;
    };
    const scored = isScore && (await record(RELEASE_SCORES, units.user));
    if (scored) {
      metrics.count(answerScore, { answered_by: answeredBy }, value);
      metrics.count(scoredAnswers, { answered_by: answeredBy });
    }
    let recorded = 0;
    for (const { experiment } of measuring) {
      const unit = units[experiment.unit];
      if (unit !== undefined && (await record(experiment.name, unit))) recorded += 1;
    }
    return { recorded, scored };
  });

  serveOperation(app, orchestratorApi.experiments, async () => ({
    experiments: await Promise.all(
      (await experiments.list()).map(async (experiment) => {
        const decides = experiment.metrics[0]?.name ?? '';
        const summaries = summarise(experiment, await experiments.totals(experiment.name, decides));
        return {
          name: experiment.name,
          metric: decides,
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

  addExperiment(app, { experiments, clock });
}

/** What is asked of one experiment. */
function addExperiment(app: FastifyInstance, { experiments, clock }: ExperimentDeps): void {
  const find = async (name: string) => {
    const found = (await experiments.list()).find((experiment) => experiment.name === name);
    if (found === undefined) throw errors.notFound('experiment', name);
    return found;
  };

  serveOperation(app, orchestratorApi.recordOutcome, async ({ params, body, caller }) => {
    const experiment = await find(params.id);
    const metric = metricsOf(experiment).find(({ name }) => name === body.metric);
    if (metric === undefined) throw errors.notFound('metric', body.metric);
    checkValue(metric, body.value);
    const units = unitsOf(caller, body.session);
    const unit = units[experiment.unit];
    if (unit === undefined) throw errors.invalid('session', `is missing: "${experiment.name}" counts sessions.`);
    const { id, value } = body;
    const measured = { experiment: experiment.name, unit, metric: metric.name, value, at: clock() };
    return { recorded: await recordOnce(experiments, { ...measured, sender: units.user, id }) };
  });

  serveOperation(app, orchestratorApi.results, async ({ params }) => {
    // Imported on use, with the distributions that it needs: few ask.
    const { tellResults } = await import('./tell-results.js');
    return tellResults(experiments, await find(params.id));
  });
}

/** Forgets what experiments know of the caller and of its sessions. */
export function forgetUnits(experiments: ExperimentStore, caller: Caller): Promise<void> {
  const { user } = unitsOf(caller);
  return experiments.forget(user, `${user.slice(0, -1)},`);
}

/** @returns whether it is new. @throws where the same was recorded otherwise */
async function recordOnce(experiments: ExperimentStore, outcome: Outcome): Promise<boolean> {
  const receipt = await experiments.recordOutcome(outcome);
  if (receipt !== 'different') return receipt === 'recorded';
  throw errors.conflict(
    'outcome_differs',
    `Outcome "${outcome.id}" was recorded before with another metric, value or session.`,
  );
}

/** Under which the scores of releases are kept, each once, beside the outcomes of experiments; no experiment can be called so. */
const RELEASE_SCORES = '/releases';

const NONE: ReadonlyMap<string, string> = new Map();

/** The variant that the unit has been exposed to, as long as it has a share: a split that changes moves nobody who has seen a variant. */
function stay(experiment: Experiment, exposed: ReadonlyMap<string, string>) {
  const variant = exposed.get(experiment.name);
  return experiment.variants.find(({ name, share }) => name === variant && share > 0);
}

/** Users of the same name in two tenants are two units, and so are sessions of the same name of two users. */
function unitsOf({ identity: { tenant, user } }: Caller, session?: string) {
  return {
    user: JSON.stringify([tenant, user]),
    session: session === undefined ? undefined : JSON.stringify([tenant, user, session]),
  };
}

function checkValue({ name, kind }: Metric, value: number): void {
  if (kind === 'proportion' && value !== 0 && value !== 1)
    throw errors.invalid('value', `is ${value}; "${name}" is a proportion and takes 0 or 1.`);
}

/** What judges a release is proven for values between 0 and 1 only. */
function checkScore(value: number): void {
  if (value < 0 || value > 1)
    throw errors.invalid('value', `is ${value}; "${ANSWER_SCORE}" of a release goes from 0 to 1.`);
}
