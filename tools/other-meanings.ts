import type { Restatement } from './restated-facts.js';

/** Text that reads like a fact of the contract and means something else there. */
export interface OtherMeaning {
  /** A source, or a folder of sources with its slash. */
  readonly path: string;
  readonly text: string;
  readonly because: string;
}

export const OTHER_MEANINGS: readonly OtherMeaning[] = [
  { path: 'app/adapters/sql/', text: 'tasks', because: 'the table of tasks, not the exchange' },
  { path: 'constructs/data/postgres.ts', text: 'POSTGRES_PASSWORD', because: "a variable of PostgreSQL's own image" },
];

export function meansSomethingElse({ path, fact }: Restatement): OtherMeaning | undefined {
  return OTHER_MEANINGS.find((other) => other.text === fact.text && path.startsWith(other.path));
}
