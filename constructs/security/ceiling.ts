import { type Demand, type DemandKey, sumOf, times } from './pod-demand.js';
import { type PodGroup, podsDuringUpdate } from './pod-group.js';

/** A group of pods, and what each of them counts for. */
export interface CountedGroup extends PodGroup {
  readonly each: Demand;
}

/** Something that holds so much and no more: a quota, a pool of nodes. */
export interface Ceiling {
  readonly name: string;
  /** What it holds; what is not stated is not bounded. */
  readonly holds: Partial<Demand>;
  /** How to make it hold more. */
  readonly fix: string;
}

/** What a group counts for in the middle of an update at its most replicas. */
export function demandAtMost({ each, replicas, maxSurge }: CountedGroup): Demand {
  return times(each, podsDuringUpdate(replicas, maxSurge));
}

/** One sentence for each resource of which the groups may come to ask more than the ceiling holds. */
export function ceilingProblems(groups: readonly CountedGroup[], { name, holds, fix }: Ceiling): readonly string[] {
  const wanted = sumOf(groups.map(demandAtMost));
  return (Object.entries(holds) as [DemandKey, number][]).flatMap(([key, held]) => {
    if (wanted[key] <= held) return [];
    const largest = groups.reduce((a, b) => (weight(a, key) >= weight(b, key) ? a : b));
    const { path, scaledBy, replicas, maxSurge } = largest;
    const own = demandAtMost(largest)[key];
    const fits = replicasWithin(largest, key, held - (wanted[key] - own));
    const scaled = scaledBy !== undefined;
    const lower = fits > 0 ? `${scaled ? 'maxReplicas' : 'replicas'}: ${fits}` : `fewer replicas here and elsewhere`;
    return [
      `${scaledBy ?? path}: ${scaled ? 'a ceiling of ' : ''}${replicas} replicas of ${largest.name} (${podsDuringUpdate(replicas, maxSurge)} pods during an update) ` +
        `asks for ${show(key, own)}, and with everything else for ${show(key, wanted[key])} of the ${show(key, held)} of ${name}. ` +
        `Fix: ${lower}, or ${fix}.`,
    ];
  });
}

/** What is scaled is named before what is stated: its ceiling is the easier to lower. */
function weight(group: CountedGroup, key: DemandKey): number {
  return demandAtMost(group)[key] + (group.scaledBy === undefined ? 0 : Number.MAX_SAFE_INTEGER / 2);
}

/** Most replicas of a group whose update needs no more than so much. */
function replicasWithin({ each, replicas, maxSurge }: CountedGroup, key: DemandKey, room: number): number {
  let fits = replicas;
  while (fits > 0 && podsDuringUpdate(fits, maxSurge) * each[key] > room) fits -= 1;
  return fits;
}

function show(key: DemandKey, value: number): string {
  if (key === 'pods') return `${value} pods`;
  if (key.endsWith('cpu')) return `${value / 1000} cores`;
  return `${Math.round((value / 2 ** 30) * 100) / 100} GiB (${key})`;
}
