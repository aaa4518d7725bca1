import { describe, expect, test } from '@jest/globals';
import type { EnvironmentConfigInput } from '../../../stacks/index.js';
import { Dev, dev, type EnvironmentClass, Production, production, Scaling } from '../../../stacks/index.js';
import { constantLoad } from '../../load/shapes.js';
import { readSystem } from '../../model/read-system.js';
import { simulate } from '../../simulate.js';
import { parseObjective, shortcomings } from '../objective.js';
import { propDiff } from './prop-changes.js';
import { isBetter, paretoFront, type Trial } from './trial.js';
import { type Tuning, tune, tuning } from './tune.js';
import { tuningReport } from './tune-report.js';
import { tuningText } from './tune-text.js';
import { withProps } from './with-props.js';

type Scope = ConstructorParameters<EnvironmentClass>[0];

function productionWith(changes: Partial<EnvironmentConfigInput>): EnvironmentClass {
  return class extends Production {
    constructor(scope: Scope) {
      super(scope, { ...production, ...changes });
    }
  };
}

test('props that are tried make of the system what synthesising them would', () => {
  const scaling = Scaling.autoscaled({
    ...{ maxReplicas: 50, cpuPercent: 55, memoryPercent: 90, latencyP99Seconds: 0.25, backlogPerReplica: 3 },
    behavior: {
      scaleUp: { stabilizationSeconds: 30, percent: 50, pods: 2, periodSeconds: 15, select: 'Max' },
      scaleDown: { stabilizationSeconds: 60, percent: 10, pods: 1, periodSeconds: 60, select: 'Min' },
    },
  });
  const services = { chat: { minReplicas: 4, maxReplicas: 9 }, worker: { minReplicas: 7 } };
  const tried = withProps(readSystem(Production), { scaling, services });
  expect(tried.workloads).toEqual(readSystem(productionWith({ scaling, services })).workloads);
});

describe('replicas of an environment where nothing scales', () => {
  const load = constantLoad(5, 900);
  const objectives = [parseObjective('p99=20s')];
  const found = tune(Dev, load, { objectives });

  test('are as few as keep the objectives, request by request too', () => {
    expect(found.now.isKept).toBe(false);
    expect(found.best).toMatchObject({ isKept: true, breaks: [] });
    expect(found.confirmation).toEqual({ kind: 'confirmed' });
    // Hands enough for five tasks a second of 1.7 s (Little) would be three; in ticks the lowest queue then waits too long for its turn.
    expect(found.changes).toEqual([{ prop: 'services.worker.replicas', from: 1, to: 4 }]);
    for (const trial of found.trials) if (trial.isKept) expect(isBetter(trial, found.best)).toBe(false);
  });

  test('written into the environment they do what was promised', () => {
    class Tuned extends Dev {
      constructor(scope: Scope) {
        super(scope, { ...dev, services: { worker: { replicas: 4 } } });
      }
    }
    expect(shortcomings(simulate(Tuned, load), objectives)).toEqual([]);
    class HalfAsMany extends Dev {
      constructor(scope: Scope) {
        super(scope, { ...dev, services: { worker: { replicas: 2 } } });
      }
    }
    expect(shortcomings(simulate(HalfAsMany, load), objectives)).not.toEqual([]);
  });

  test('are the same when searched for again', () => {
    expect(JSON.stringify(tune(Dev, load, { objectives }))).toBe(JSON.stringify(found));
  });

  test('stand in a difference of props, and in a page that shows all that was tried', () => {
    expect(tuningText(found)).toMatch(
      /^dev under constant 5 requests\/s, keeping p99 within 20 s, the contract's objectives\nNow: \$\d+ a month.*breaks them: worker is saturated/,
    );
    expect(propDiff(found.changes)).toBe(
      '   services: {\n     worker: {\n-      replicas: 1,\n+      replicas: 4,\n     },\n   },',
    );
    const page = tuningReport(found);
    expect(page.match(/<circle class="dot"/g)).toHaveLength(found.trials.length);
    expect(page).toContain('<ins>+      replicas: 4,</ins>');
    expect(page).not.toMatch(/NaN|undefined|Infinity|(src|href)=|https?:/);
  });

  test('are known as far as the search has come when it is left', () => {
    const search = tuning(Dev, load, { objectives });
    expect(search.found()).toBeUndefined();
    for (const { best } of search.steps) if (best?.isKept) break;
    expect(search.found()).toMatchObject({
      best: { isKept: true },
      confirmation: { kind: 'not tried', why: 'the search was ended before' },
    });
    expect(tuningText(search.found() as Tuning)).toContain('Not confirmed request by request: the search was ended');
  });
});

test('an objective that no setting can keep is said to be one, with what breaks first', () => {
  const found = tune(Dev, constantLoad(1, 600), { objectives: [parseObjective('p99=500ms')] });
  expect(found).toMatchObject({ best: { isKept: false }, changes: [] });
  expect(tuningText(found)).toMatch(
    /No setting keeps them \(\d+ settings tried\).*answers: p99 [\d.]+ s, above 500 ms/,
  );
});

test('an environment of autoscalers that is larger than its load needs becomes cheaper and keeps its objectives', () => {
  const wide = productionWith({ services: { worker: { minReplicas: 30 }, gateway: { minReplicas: 20 } } });
  const { now, best, changes } = tune(wide, constantLoad(5, 300), {
    objectives: [parseObjective('p99=20s')],
    tickSeconds: 15,
  });
  expect(now.isKept).toBe(true);
  expect(best.isKept).toBe(true);
  expect(best.monthlyUsd).toBeLessThan(0.8 * now.monthlyUsd);
  expect(changes.map(({ prop }) => prop)).toEqual(
    expect.arrayContaining(['services.worker.minReplicas', 'services.gateway.minReplicas']),
  );
});

test('what is cheaper and what strains less stand in the front, and nothing else', () => {
  const trial = (monthlyUsd: number, strain: number) => ({ monthlyUsd, strain }) as Trial;
  const [cheap, both, calm, beaten] = [trial(1, 3), trial(2, 1), trial(5, 0.2), trial(3, 1.5)];
  expect(paretoFront([beaten, calm, both, cheap])).toEqual([cheap, both, calm]);
});
