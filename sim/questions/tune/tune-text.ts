import { duration, money, percent } from '../../report/figures.js';
import type { Objective } from '../objective.js';
import { propDiff } from './prop-changes.js';
import type { Tuning } from './tune.js';
import { ENDED_BEFORE } from './tune-search.js';

/** What a search came to, for a terminal. */
export function tuningText(tuning: Tuning): string {
  const { environment, load, objectives, changes } = tuning;
  return [
    `${environment} under ${load}, keeping ${objectivesText(objectives)}`,
    tuningVerdict(tuning),
    ...(changes.length > 0 ? ['', propDiff(changes), ''] : []),
    confirmationText(tuning),
    '',
  ]
    .filter((line, i, lines) => line !== '' || lines[i - 1] !== '')
    .join('\n');
}

export function objectivesText(objectives: readonly Objective[]): string {
  const own = objectives.map(
    ({ workload, quantile, seconds }) => `${workload ? `${workload}.` : ''}${quantile} within ${duration(seconds)}`,
  );
  return [...own, "the contract's objectives"].join(', ');
}

/** In one line: what it costs now, and what instead. */
export function tuningVerdict({ now, best, changes, trials, confirmation }: Tuning): string {
  const tried = `${trials.length} settings tried`;
  const of = (usd: number) => `${money(usd)} a month without the models`;
  if (!best.isKept) {
    const least = best === now ? 'As it is' : 'With as much as was tried';
    const isEnded = confirmation.kind === 'not tried' && confirmation.why === ENDED_BEFORE;
    const none = isEnded ? `None so far keeps them, and ${ENDED_BEFORE}` : 'No setting keeps them';
    return `${none} (${tried}). ${least}: ${best.breaks.join('; ')}`;
  }
  const used = `uses ${percent(best.strain)} of what they allow`;
  if (changes.length === 0) return `Nothing cheaper was found (${tried}): ${of(now.monthlyUsd)}, ${used}`;
  const before = now.isKept ? of(now.monthlyUsd) : `${of(now.monthlyUsd)}, and breaks them: ${now.breaks.join('; ')}`;
  return `Now: ${before}\nThen: ${of(best.monthlyUsd)}, ${used} (${tried})`;
}

/** Whether the answer holds request by request too. */
export function confirmationText({ best, confirmation }: Tuning): string {
  if (!best.isKept) return '';
  if (confirmation.kind === 'confirmed') return 'Confirmed request by request.';
  const not = confirmation.kind === 'refuted' ? 'REFUTED request by request' : 'Not confirmed request by request';
  return `${not}: ${confirmation.why}.`;
}
