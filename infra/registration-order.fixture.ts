import type { Registration } from './recorded-run.fixture.js';

/** All that must stand before each resource, by URN. */
export function reach(resources: readonly Registration[]): ReadonlyMap<string, ReadonlySet<string>> {
  const before = new Map<string, Set<string>>();
  for (const { urn, dependencies } of resources) {
    before.set(urn, new Set(dependencies.flatMap((dependency) => [dependency, ...(before.get(dependency) ?? [])])));
  }
  return before;
}

/** How many resources must be made one after the other. @param isCounted what is one of them. @default all */
export function longestChain(
  registrations: readonly Registration[],
  isCounted: (one: Registration) => boolean = () => true,
): number {
  const lengths = new Map<string, number>();
  for (const one of registrations) {
    const { urn, dependencies, provider } = one;
    const needed = [...dependencies, ...(provider === '' ? [] : [provider.slice(0, provider.lastIndexOf('::'))])];
    lengths.set(
      urn,
      (isCounted(one) ? 1 : 0) + Math.max(0, ...needed.map((dependency) => lengths.get(dependency) ?? 0)),
    );
  }
  return Math.max(...lengths.values());
}
