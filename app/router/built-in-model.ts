import type { DifficultyModel } from './difficulty-model.js';

/** Fitted to `prompts.jsonl` by `npx tsx bench/router.ts --fit`: change nothing here by hand. */
export const builtInModel: DifficultyModel = {
  trainedOn: 'prompts.jsonl of this project',
  prompts: 365,
  features: [
    'length',
    'long words',
    'quotations',
    'a question',
    'asks how or why',
    'quantities in words',
    'alternatives',
    'signs of work',
    'work of several steps',
    'ends by asking after one fact',
    'asks what ought to be',
    'figures of what is asked',
    'asks for analysis or judgement',
    'asks for a proof or derivation',
    'asks what would follow from something else',
    'asks more than one thing',
  ],
  means: [
    4.119003, 0.091755, 0.059707, 0.467391, 0.123188, 0.093853, 0.176852, 1.246377, 0.25, 0.34058, 0.047101, 0.138592,
    0.119565, 0.043478, 0.039855, 0.076087,
  ],
  scales: [
    0.814607, 0.150145, 0.249058, 0.498936, 0.328653, 0.290102, 0.351823, 1.402955, 0.433013, 0.473904, 0.211856,
    0.425126, 0.324452, 0.203931, 0.195619, 0.265137,
  ],
  weights: [
    0.193329, 0.14624, -0.251066, -0.183874, 0.149509, 0.190404, 0.221184, 0.534017, 0.426959, -0.362998, 0.189474,
    0.156434, 0.260763, 0.169567, 0.133366, 0.142928,
  ],
  bias: 0.301912,
  mediumFrom: 0.35,
  complexFrom: 0.73,
};
