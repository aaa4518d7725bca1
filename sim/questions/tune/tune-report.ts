import { money, percent } from '../../report/figures.js';
import { htmlPage, htmlTable } from '../../report/html-page.js';
import { escaped } from '../../report/line-chart.js';
import { type ScatterPoint, scatterChart } from '../../report/scatter-chart.js';
import { propDiff } from './prop-changes.js';
import { paretoFront, type Trial } from './trial.js';
import type { Tuning } from './tune.js';
import { confirmationText, objectivesText, tuningVerdict } from './tune-text.js';

/** A page that shows what money buys: every setting that was tried, and the ones that none beats. */
export function tuningReport(tuning: Tuning): string {
  const { environment, load, objectives, now, best, changes, trials } = tuning;
  const front = paretoFront(trials);
  const picture = scatterChart({
    title: 'What money buys',
    xUnit: '$ a month, without the models',
    yUnit: 'share of what the objectives allow that is used',
    points: trials.map(pointOf),
    front: front.map(pointOf),
    marked: [{ ...pointOf(now), name: 'now' }, ...(best === now ? [] : [{ ...pointOf(best), name: 'then' }])],
    limit: 1,
  });
  const paragraphs = [...tuningVerdict(tuning).split('\n'), confirmationText(tuning)].filter((text) => text !== '');
  return htmlPage(
    `${environment} tuned for ${load}`,
    `<p class="soft">Keeping ${escaped(objectivesText(objectives))}.</p>
${paragraphs.map((text) => `<p>${escaped(text)}</p>`).join('\n')}
<h2>Money and objectives</h2>${picture}
<p class="soft">Each point is a setting; below the broken line it keeps the objectives. Those above twice the line stand at the upper edge.</p>
${changes.length > 0 ? `<h2>What to change</h2><pre>${marked(propDiff(changes))}</pre>` : ''}
<h2>Settings that none beats</h2>${htmlTable(['$ a month', 'Used of what is allowed', 'What breaks'], front.map(rowOf))}`,
  );
}

function pointOf(trial: Trial): ScatterPoint {
  const { monthlyUsd, strain } = trial;
  return { x: monthlyUsd, y: strain, title: `${money(monthlyUsd)} a month, ${percent(strain)} used` };
}

function rowOf({ monthlyUsd, strain, breaks }: Trial): string[] {
  return [money(monthlyUsd), percent(strain), breaks[0] ?? 'nothing'];
}

function marked(diff: string): string {
  const tags: Readonly<Record<string, string>> = { '-': 'del', '+': 'ins' };
  return diff
    .split('\n')
    .map((line) => {
      const tag = tags[line[0] ?? ''];
      return tag ? `<${tag}>${escaped(line)}</${tag}>` : escaped(line);
    })
    .join('\n');
}
