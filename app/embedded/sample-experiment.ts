import { ANSWER_SCORE, ragPolicy } from '../../contract/index.js';
import { experimentSchema } from '../experiments/experiment.js';

/** An experiment to look at where there is none yet: whether fewer passages answer as well. */
export const sampleExperiment = experimentSchema.parse({
  name: 'retrieval-depth',
  metrics: [{ name: ANSWER_SCORE, kind: 'mean' }],
  variants: [
    { name: 'control', share: 0.5, config: { topK: ragPolicy.topK } },
    { name: 'fewer-passages', share: 0.5, config: { topK: 3 } },
  ],
});
