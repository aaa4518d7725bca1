import { clockText } from '../load/clock.js';
import { count, duration, money, percent } from './figures.js';
import { htmlPage, htmlTable } from './html-page.js';
import { escaped, type Line, lineChart } from './line-chart.js';
import type { SimulationResult, WorkloadSample } from './result.js';

/** A page that holds all it needs: charts, tables and what they mean. It loads nothing. */
export function htmlReport(result: SimulationResult): string {
  const { environment, load, startSeconds, durationSeconds } = result;
  const title = `${environment} under ${load}`;
  return htmlPage(
    title,
    `<p class="soft">${clockText(startSeconds)} to ${clockText(startSeconds + durationSeconds)}, ${result.engine} engine, seed ${result.seed}</p>
${verdict(result)}
<h2>Over time</h2><div class="charts">${charts(result).join('\n')}</div>
<h2>Workloads</h2>${workloads(result)}
<h2>Money</h2>${moneyTable(result)}
<h2>Why replicas changed</h2>${changes(result)}
${result.notes.length > 0 ? `<h2>Notes</h2><ul>${result.notes.map((note) => `<li>${escaped(note)}</li>`).join('')}</ul>` : ''}`,
  );
}

function verdict({ totals, saturations, startSeconds, durationSeconds }: SimulationResult): string {
  const saturated = saturations.map(({ what, sinceSeconds, untilSeconds, why }) => {
    const since = clockText(startSeconds + sinceSeconds);
    const isOver = untilSeconds < durationSeconds;
    const when = isOver
      ? `was saturated from ${since} to ${clockText(startSeconds + untilSeconds)}`
      : `is saturated since ${since}`;
    return `<p class="bad">${escaped(`${what} ${when}: ${why}.`)}</p>`;
  });
  const slos = totals.slos.map(
    ({ name, met, ratio, good, objective }) =>
      `<li class="${met ? 'good' : 'bad'}">${escaped(name)} ${met ? 'met' : 'missed'}: ${percent(ratio, 3)} ${escaped(good)}, objective ${percent(objective, 1)}</li>`,
  );
  return `${saturated.join('')}<ul>${slos.join('')}</ul>
<p>${count(totals.requests)} requests: ${count(totals.limited)} beyond their tier's limits, ${count(totals.failed)} failed. Half were answered in ${duration(totals.answers.p50)}, 99 of 100 in ${duration(totals.answers.p99)}.
${money(totals.monthlyUsd)} a month at this load; ${totals.peakNodes} nodes at most. Against replicas fixed at this run's peaks the autoscalers save ${percent(totals.savingAgainstPeak)} of the pods' time.</p>`;
}

function charts({ series, rps, nodes, startSeconds }: SimulationResult): string[] {
  const [first = []] = Object.values(series);
  const seconds = first.map(({ atSeconds }) => atSeconds);
  if (seconds.length === 0) return ['<p class="soft">Only totals were asked for.</p>'];
  const chart = (title: string, unit: string, lines: readonly Line[]) =>
    lineChart({ title, unit, lines, startSeconds, seconds });
  const each = (key: keyof WorkloadSample, steps = false): Line[] =>
    Object.entries(series).map(([name, samples]) => ({ name, steps, values: samples.map((one) => Number(one[key])) }));
  const replicas = Object.entries(series).flatMap(([name, samples]): string[] => {
    if (samples.every(({ wanted, ready }) => wanted === samples[0]?.wanted && ready === wanted)) return [];
    const lines = (['wanted', 'actual', 'ready'] as const).map((key) => ({
      ...{ name: key, steps: true, values: samples.map((one) => one[key]) },
    }));
    return [chart(`${name}: replicas`, 'pods', lines)];
  });
  return [
    chart('Requests', 'a second', [{ name: 'at the entrance', values: rps }]),
    chart('Answered', 'a second', each('servedPerSecond')),
    ...replicas,
    chart('Lines', 'requests and tasks that wait', each('queued')),
    chart('p99', 'seconds', each('p99')),
    chart('Utilisation', 'share of the ready pods’ capacity', each('utilisation')),
    chart('Given up', 'a second', each('rejectedPerSecond')),
    chart('Nodes', 'ordered or ready', [{ name: 'nodes', values: nodes, steps: true }]),
  ];
}

function workloads({ workloads: all }: SimulationResult): string {
  const head = [
    'Workload',
    'Floor',
    'Ceiling',
    'Mean pods',
    'Peak pods',
    'Changes',
    'p50',
    'p95',
    'p99',
    'Longest line',
    'Given up',
  ];
  return htmlTable(
    head,
    all.map((one) => [
      ...[one.name, String(one.floor), String(one.ceiling), one.meanReplicas.toFixed(1), String(one.peakReplicas)],
      ...[String(one.rescales), duration(one.p50), duration(one.p95), duration(one.p99)],
      ...[count(one.longestQueue), count(one.rejected)],
    ]),
  );
}

function moneyTable({ totals, unverifiedPrices, pricesAsOf, durationSeconds }: SimulationResult): string {
  const perMonth = totals.costUsd > 0 ? totals.monthlyUsd / totals.costUsd : 0;
  const rows = totals.cost.map(({ component, usd }) => [component, money(usd), money(usd * perMonth)]);
  const unverified = unverifiedPrices.map(({ item }) => item).join('; ');
  return `${htmlTable(['Component', `These ${duration(durationSeconds)}`, 'A month of the same'], [...rows, ['all', money(totals.costUsd), money(totals.monthlyUsd)]])}
<p class="soft">List prices as of ${pricesAsOf}, on demand, without taxes.${unverified === '' ? '' : ` Nobody has compared these with their source: ${escaped(unverified)}.`}</p>`;
}

/** Each change of replicas, with the controller's reason. */
function changes({ series, startSeconds }: SimulationResult): string {
  const rows = Object.entries(series).flatMap(([name, samples]) =>
    samples.flatMap(({ atSeconds, wanted, reason }, i): string[][] => {
      const before = samples[i - 1]?.wanted;
      if (before === undefined || before === wanted) return [];
      return [[clockText(startSeconds + atSeconds), name, `${before} → ${wanted}`, reason]];
    }),
  );
  if (rows.length === 0) return '<p>They did not.</p>';
  rows.sort(([a = ''], [b = '']) => a.localeCompare(b));
  const shown = rows.slice(0, 200);
  const rest = rows.length - shown.length;
  return `${htmlTable(['By', 'Workload', 'Replicas', "The controller's reason"], shown)}${rest > 0 ? `<p class="soft">And ${rest} more.</p>` : ''}`;
}
