import type { ScoredPassage } from './document-store.js';

/** The constant of reciprocal rank fusion that its authors found good for any lists (Cormack, Clarke, Büttcher, SIGIR 2009). */
const RANK_CONSTANT = 60;

/** Where a passage stood in each list, from 1. */
export interface Ranks {
  readonly vector?: number;
  readonly text?: number;
}

export interface FusedPassage extends ScoredPassage {
  readonly ranks: Ranks;
}

/**
 * One list of two that measure by different scales: each passage scores 1 / (60 + its rank) in either. Best first; equal scores by
 * document id, then index.
 */
export function fuseRanks(
  lists: { readonly vector: readonly ScoredPassage[]; readonly text: readonly ScoredPassage[] },
  topK: number,
): readonly FusedPassage[] {
  const fused = new Map<string, FusedPassage>();
  for (const list of ['vector', 'text'] as const) {
    for (const [place, passage] of lists[list].entries()) {
      const key = JSON.stringify([passage.document.id, passage.index]);
      const { score, ranks } = fused.get(key) ?? { score: 0, ranks: {} };
      const rank = place + 1;
      fused.set(key, { ...passage, score: score + 1 / (RANK_CONSTANT + rank), ranks: { ...ranks, [list]: rank } });
    }
  }
  return [...fused.values()].sort(compare).slice(0, topK);
}

function compare(a: FusedPassage, b: FusedPassage): number {
  if (a.score !== b.score) return b.score - a.score;
  if (a.document.id !== b.document.id) return a.document.id < b.document.id ? -1 : 1;
  return a.index - b.index;
}
