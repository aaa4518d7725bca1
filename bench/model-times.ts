import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';

const STRATA = 100;

/**
 * Times of a model, log-normal. Of every hundred there is one in each hundredth of the distribution, in random order: so a short run has neither luck
 * nor misfortune.
 */
export function modelTimesMs({ meanMs, cv }: { readonly meanMs: number; readonly cv: number }, random: () => number) {
  const sigma = Math.sqrt(Math.log1p(cv ** 2));
  const timeAt = (share: number) => meanMs * Math.exp(sigma * normalQuantile(share, 0, 1) - sigma ** 2 / 2);
  let left: number[] = [];
  return (): number => {
    if (left.length === 0) left = Array.from({ length: STRATA }, (_, i) => timeAt((i + random()) / STRATA));
    const [taken = meanMs] = left.splice(Math.floor(random() * left.length), 1);
    return taken;
  };
}
