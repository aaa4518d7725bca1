/** Objectives over hours and days: promtool runs the rules of production. */
import { describe, expect, test } from '@jest/globals';
import { chat, gateway, httpRequestDuration, httpRequests, type ServiceSpec, slos } from '../../contract/index.js';
import { shippedEnvironments } from './environments.js';
import { fileOf, promtool, rulesOf, type Sample } from './promtool.js';

/**
 * Pages are looked for at every other minute, so that their shortest window holds two samples; tickets at every half an hour, for a
 * rule is evaluated at each step of three days.
 */
const pages = { severity: 'critical', stepMinutes: 2 } as const;
const tickets = { severity: 'warning', stepMinutes: 30 } as const;
type Pace = typeof pages | typeof tickets;

/** What happens in each of some minutes, on top of 1000 good requests. */
interface Phase {
  readonly minutes: number;
  readonly bad: number;
}

const quiet: Phase = { minutes: 6 * 60, bad: 0 };
const days = 3 * 24 * 60;

const production = shippedEnvironments().filter(({ name }) => name === 'production');

describe.each(production)('in $name', (environment) => {
  const { namespace } = environment;
  const { groups } = rulesOf(environment);
  const rulesAbout = (slo: string) =>
    fileOf('rules.yaml', {
      groups: groups.map((group) => ({ ...group, rules: group.rules.filter(({ labels }) => labels.slo === slo) })),
    });
  const files = new Map(slos.map(({ name }) => [name, rulesAbout(name)]));

  const available: Measured = {
    slo: 'gateway-availability',
    of: gateway,
    series: (labels) => ({
      [`${httpRequests.name}{${labels},status="200"}`]: () => 1000,
      [`${httpRequests.name}{${labels},status="500"}`]: (bad) => bad,
    }),
  };
  const fast: Measured = {
    slo: 'chat-latency',
    of: chat,
    series: (labels) => ({
      [`${httpRequestDuration.name}_bucket{${labels},le="1"}`]: () => 1000,
      [`${httpRequestDuration.name}_bucket{${labels},le="+Inf"}`]: (bad) => 1000 + bad,
      [`${httpRequestDuration.name}_count{${labels}}`]: (bad) => 1000 + bad,
    }),
  };
  const targetOf = ({ name }: Pick<ServiceSpec, 'name'>) => `namespace="${namespace}",job="${name}",pod="${name}-1"`;

  /** @returns what promtool has against just the alerts of these windows firing at the end */
  function firing({ slo, of, series }: Measured, pace: Pace, phases: readonly Phase[], windows: readonly string[]) {
    const minutes = phases.reduce((sum, phase) => sum + phase.minutes, 0);
    const counters = Object.entries(series(`${targetOf(of)},method="POST",endpoint="/"`)).map(([name, each]) => [
      name,
      growing(phases, pace.stepMinutes, each),
    ]);
    const up = { [`up{${targetOf(of)}}`]: `1x${minutes / pace.stepMinutes}` };
    const firing = `ALERTS{alertname="ErrorBudgetBurn",alertstate="firing",severity="${pace.severity}"}`;
    return promtool(
      {
        rules: files.get(slo) ?? '',
        series: { ...up, ...Object.fromEntries(counters) },
        intervalSeconds: pace.stepMinutes * 60,
        expr: `max by (window) (${firing})`,
        evalTime: `${minutes}m`,
      },
      windows.map((window): Sample => ({ labels: `{window="${window}"}`, value: 1 })),
    );
  }

  test.each<[string, Measured, Pace, Phase[], string[]]>([
    ['no page, without a bad request', available, pages, [quiet], []],
    ['a page, when one request in ten fails', available, pages, [quiet, { minutes: 16, bad: 111 }], ['1h']],
    [
      'no page any more, once it is over',
      available,
      pages,
      [quiet, { minutes: 16, bad: 111 }, { minutes: 10, bad: 0 }],
      [],
    ],
    [
      'a page, when one request in a hundred fails for hours',
      available,
      pages,
      [quiet, { minutes: 250, bad: 10 }],
      ['6h'],
    ],
    ['a page, when one request in five is slow', fast, pages, [quiet, { minutes: 60, bad: 250 }], ['1h']],
    ['no ticket, at half the even pace', available, tickets, [{ minutes: days, bad: 0.5 }], []],
    ['a ticket, at twice the even pace', available, tickets, [{ minutes: days, bad: 2 }], ['3d']],
    ['two tickets, at four times the even pace', available, tickets, [{ minutes: days, bad: 4 }], ['1d', '3d']],
    ['a ticket, when one request in sixty is slow for days', fast, tickets, [{ minutes: days, bad: 17 }], ['3d']],
  ])('fires %s', (_, measured, pace, phases, windows) => {
    expect(firing(measured, pace, phases, windows)).toBe('');
  });

  test.each(slos)('counts the share of bad requests of $name as 0 without traffic, and not as NaN', ({ name, of }) => {
    const question = {
      rules: files.get(name) ?? '',
      series: { [`up{${targetOf(of)}}`]: '1x30' },
      intervalSeconds: 120,
      evalTime: '60m',
    };
    const series = 'slo:error_ratio:rate5m';
    const labels = `${series}{job="${of.name}", namespace="${namespace}", slo="${name}"}`;
    expect(promtool({ ...question, expr: series }, [{ labels, value: 0 }])).toBe('');
    expect(promtool({ ...question, expr: 'ALERTS' }, [])).toBe('');
  });

  test('an alert that is wrong is not taken for right', () => {
    expect(firing(available, pages, [{ minutes: 60, bad: 0 }], ['1h'])).toContain('FAILED');
  });
});

/** A service as its objective measures it: its counters, and what each gains in a minute. */
interface Measured {
  readonly slo: string;
  readonly of: Pick<ServiceSpec, 'name'>;
  series(labels: string): Readonly<Record<string, (bad: number) => number>>;
}

/** A counter over all phases, in promtool's notation. */
function growing(phases: readonly Phase[], stepMinutes: number, each: (bad: number) => number): string {
  let total = 0;
  const parts = phases.map(({ minutes, bad }) => {
    const part = `${total}+${each(bad) * stepMinutes}x${minutes / stepMinutes - 1}`;
    total += each(bad) * minutes;
    return part;
  });
  return `${parts.join(' ')} ${total}`;
}
