import { readFileSync } from 'node:fs';
import { formatConfusion, type LabelledPrompt, measureConfusion } from '../app/router/confusion.js';
import { classifyByRules } from '../app/router/rule-classifier.js';

/** Prints how the rules classify labelled prompts, JSON Lines of `{class, prompt}`. Usage: `npx tsx bench/router.ts [FILE]`. */
const file = process.argv[2] ?? new URL('../app/router/prompts.fixture.jsonl', import.meta.url);
const prompts = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((line): LabelledPrompt => JSON.parse(line));

const started = performance.now();
const confusion = measureConfusion(prompts, (prompt) => classifyByRules(prompt).class);
const microseconds = (1000 * (performance.now() - started)) / prompts.length;

process.stdout.write(
  `${formatConfusion(confusion)} on ${prompts.length} prompts, ${microseconds.toFixed(1)} µs each\n`,
);
for (const mistake of confusion.mistakes) {
  process.stdout.write(
    `${mistake.class} taken for ${mistake.taken}: ${mistake.prompt.slice(0, 90).replaceAll('\n', ' ')}\n`,
  );
}
