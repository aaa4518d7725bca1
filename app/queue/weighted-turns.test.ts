import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TASK_PRIORITIES, type TaskPriority, tasks } from '../../contract/index.js';
import { type Credits, nextTurn, noCredits } from './weighted-turns.js';

const { queues } = tasks;
const cycle = queues.reduce((sum, { weight }) => sum + weight, 0);
type Waiting = ReadonlySet<TaskPriority>;

const everyWaiting: readonly Waiting[] = [...subsets(TASK_PRIORITIES)].filter((set) => set.size > 0);
const lowWaiting = everyWaiting.filter((set) => set.has('low'));

function* subsets(all: readonly TaskPriority[]): Generator<Waiting> {
  for (let bits = 0; bits < 2 ** all.length; bits += 1) yield new Set(all.filter((_, i) => (bits >> i) & 1));
}

function turn(credits: Credits<TaskPriority>, waiting: Waiting) {
  const next = nextTurn(queues, credits, (priority) => waiting.has(priority));
  if (next === undefined) throw new Error('Nobody was served although work was waiting.');
  return next;
}

function serve(count: number, from = noCredits(queues)): TaskPriority[] {
  const all: Waiting = new Set(TASK_PRIORITIES);
  let credits = from;
  return Array.from({ length: count }, () => {
    const next = turn(credits, all);
    credits = next.credits;
    return next.priority;
  });
}

function countOf(served: readonly TaskPriority[], priority: TaskPriority): number {
  return served.filter((one) => one === priority).length;
}

/** Every state that some order of arrivals leads to. */
function reachable(): Credits<TaskPriority>[] {
  const found = new Map<string, Credits<TaskPriority>>();
  const open = [noCredits(queues)];
  for (let credits = open.pop(); credits !== undefined; credits = open.pop()) {
    const key = JSON.stringify(credits);
    if (found.has(key)) continue;
    found.set(key, credits);
    for (const waiting of everyWaiting) open.push(turn(credits, waiting).credits);
  }
  return [...found.values()];
}

describe('weighted turns', () => {
  it('serves 10, 5 and 1 in any 16 turns while every queue has work', () => {
    const served = serve(cycle * 3);
    for (let start = 0; start <= cycle * 2; start += 1) {
      const window = served.slice(start, start + cycle);
      expect(queues.map(({ priority }) => countOf(window, priority))).toEqual(queues.map(({ weight }) => weight));
    }
  });

  it('spreads the turns of a queue instead of bunching them', () => {
    expect(serve(cycle).join(' ')).not.toMatch(/normal normal|high high high high/);
  });

  it('gives nobody a turn when nobody has work', () => {
    expect(nextTurn(queues, noCredits(queues), () => false)).toBeUndefined();
  });

  it('is within one of the weights in the first 16 turns after any history', () => {
    for (const credits of reachable()) {
      const served = serve(cycle, credits);
      for (const { priority, weight } of queues) {
        expect(Math.abs(countOf(served, priority) - weight)).toBeLessThanOrEqual(1);
      }
    }
  });

  it('lets the lowest wait for 20 turns at most, however the others come and go', () => {
    const longest = new Map<string, number>();
    const longestWait = (credits: Credits<TaskPriority>): number => {
      const key = JSON.stringify(credits);
      const known = longest.get(key);
      if (known !== undefined) return known;
      longest.set(key, Number.POSITIVE_INFINITY); // met again on the way down: it would wait for ever
      const nexts = lowWaiting.map((waiting) => turn(credits, waiting)).filter(({ priority }) => priority !== 'low');
      const wait = nexts.reduce((most, next) => Math.max(most, 1 + longestWait(next.credits)), 0);
      longest.set(key, wait);
      return wait;
    };
    expect(Math.max(...reachable().map(longestWait))).toBe(20);
  });

  it('serves only queues that have work, and keeps the credits at a sum of 0, for any weights and arrivals', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(weights, fc.array(fc.nat(63), { maxLength: 200 }), (all, arrivals) => {
        const specs = all.map((weight, i) => ({ priority: `p${i}`, name: `q${i}`, weight }));
        let credits = noCredits(specs);
        for (const bits of arrivals) {
          const hasWork = (priority: string) => ((bits >> Number(priority.slice(1))) & 1) === 1;
          const next = nextTurn(specs, credits, hasWork);
          expect(next !== undefined).toBe(specs.some(({ priority }) => hasWork(priority)));
          if (next === undefined) continue;
          expect(hasWork(next.priority)).toBe(true);
          expect(Object.values(next.credits).reduce((sum, credit) => sum + credit, 0)).toBe(0);
          credits = next.credits;
        }
      }),
    );
  });

  it('serves exactly by weight over every cycle of a steady backlog, for any weights', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 5 }), (all) => {
        const specs = all.map((weight, i) => ({ priority: `p${i}`, name: `q${i}`, weight }));
        const served = new Map<string, number>();
        let credits = noCredits(specs);
        for (let i = 0; i < all.reduce((sum, weight) => sum + weight, 0); i += 1) {
          const next = nextTurn(specs, credits, () => true);
          if (next === undefined) throw new Error('Nobody was served.');
          credits = next.credits;
          served.set(next.priority, (served.get(next.priority) ?? 0) + 1);
        }
        expect(specs.map(({ priority }) => served.get(priority))).toEqual(all);
      }),
    );
  });
});
