import { readFileSync, writeFileSync } from 'node:fs';
import { builtInModel } from '../app/router/built-in-model.js';
import { calibrateOnClasses } from '../app/router/calibrate.js';
import { formatConfusion, measureConfusion, ofSet } from '../app/router/confusion.js';
import { readPrompts } from '../app/router/read-prompts.js';
import { classifyByRules } from '../app/router/rule-classifier.js';
import { classifyByModel } from '../app/router/trained-classifier.js';

/**
 * Shows what the built-in classifier, and the rules, make of the prompts of this project that are held out; `armature route eval` says
 * more. With `--fit` it fits the classifier to the others and writes it: always the same bytes.
 * Usage: `npx tsx bench/router.ts [--fit]`
 */
const file = 'app/router/prompts.jsonl';
const read = readPrompts(file, readFileSync(file, 'utf8'));
if (read.kind !== 'classes') throw new Error(`${file} holds no classes.`);

if (process.argv.includes('--fit')) {
  const model = calibrateOnClasses(ofSet(read.prompts, 'train'), 'prompts.jsonl of this project');
  writeFileSync(
    'app/router/built-in-model.ts',
    `import type { DifficultyModel } from './difficulty-model.js';\n\n/** Fitted to \`prompts.jsonl\` by \`npx tsx bench/router.ts --fit\`: change nothing here by hand. */\nexport const builtInModel: DifficultyModel = ${JSON.stringify(model)};\n`,
  );
} else {
  const heldOut = ofSet(read.prompts, 'held-out');
  console.log(`rules\n${formatConfusion(measureConfusion(heldOut, (prompt) => classifyByRules(prompt).class))}`);
  const byModel = measureConfusion(heldOut, (prompt) => classifyByModel(builtInModel, prompt).class);
  console.log(`built-in model\n${formatConfusion(byModel)}`);
}
