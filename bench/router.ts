import { readFileSync, writeFileSync } from 'node:fs';
import { calibrateOnClasses } from '../app/router/calibrate.js';
import { ofSet } from '../app/router/confusion.js';
import { readPrompts } from '../app/router/read-prompts.js';
import { runRouteEval } from '../cli/route.js';

/**
 * Judges the built-in classifier, and the rules, by the prompts of this project that are held out. With `--fit` it fits the classifier
 * to the others first and writes it: always the same bytes.
 * Usage: `npx tsx bench/router.ts [--fit]`
 */
const file = 'app/router/prompts.jsonl';

if (process.argv.includes('--fit')) {
  const read = readPrompts(file, readFileSync(file, 'utf8'));
  if (read.kind !== 'classes') throw new Error(`${file} holds no classes.`);
  const model = calibrateOnClasses(ofSet(read.prompts, 'train'), 'prompts.jsonl of this project');
  writeFileSync(
    'app/router/built-in-model.ts',
    `import type { DifficultyModel } from './difficulty-model.js';\n\n/** Fitted to \`prompts.jsonl\` by \`npx tsx bench/router.ts --fit\`: change nothing here by hand. */\nexport const builtInModel: DifficultyModel = ${JSON.stringify(model)};\n`,
  );
} else {
  console.log('the rules:');
  runRouteEval(file, { rules: true });
  console.log('\nthe built-in model:');
  runRouteEval(file, {});
}
