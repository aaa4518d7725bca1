import { readFileSync } from 'node:fs';
import { compareQuestions } from '../app/semantic-cache/guard.js';

/** Prints how the semantic cache's guard takes labelled pairs, JSON Lines of `{same, one, other}`. Usage: `npx tsx bench/semantic-guard.ts [FILE]`. */
const file = process.argv[2] ?? new URL('../app/semantic-cache/pairs.fixture.jsonl', import.meta.url);
const pairs = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((line): { readonly same: boolean; readonly one: string; readonly other: string } => JSON.parse(line));

for (const [label, same] of [
  ['false hits', false],
  ['true hits', true],
] as const) {
  const group = pairs.filter((pair) => pair.same === same);
  const passed = group.filter(({ one, other }) => compareQuestions(one, other).same);
  process.stdout.write(`${label}: ${passed.length} of ${group.length}\n`);
  const wrong = group.filter((pair) => passed.includes(pair) !== same);
  for (const { one, other } of wrong) {
    const sameness = compareQuestions(one, other);
    const why = sameness.same ? '' : `  (${sameness.difference})`;
    process.stdout.write(`  ${same ? 'missed' : 'passed'}: ${one} | ${other}${why}\n`);
  }
}
