import { readFileSync, writeFileSync } from 'node:fs';
import { type EmbeddingSpec, embeddingSpec, makeEmbeddings } from '../app/llm/providers.js';
import { type Calibration, calibrate, pairsToShow } from '../app/semantic-cache/calibrate.js';
import { compareQuestions } from '../app/semantic-cache/guard.js';
import { LabelledPairsError, readLabelledPairs } from '../app/semantic-cache/labelled-pairs.js';
import { measurePairs } from '../app/semantic-cache/measure-pairs.js';
import { wilsonInterval } from '../app/semantic-cache/wilson-interval.js';
import { parseSettings, providerSettings, SettingsError, semanticCachePolicy } from '../contract/index.js';
import { EXIT_FINDINGS, EXIT_USAGE } from './exit-codes.js';
import { precisionRecallSvg } from './precision-recall-svg.js';

export interface CalibrateOptions {
  /** Bound on the share of false hits, 0 to 1. */
  readonly maxFalseHits: number;
  /** Where the picture goes. @default none */
  readonly svg?: string | undefined;
}

/** `armature cache calibrate`: the threshold of the semantic cache for a bound on its false hits, from labelled pairs; 1 if the pairs cannot show the bound. */
export async function runCalibrate(file: string, { maxFalseHits, svg }: CalibrateOptions): Promise<void> {
  try {
    const pairs = readLabelledPairs(read(file));
    const {
      openaiApiKeys = [],
      openaiBaseUrl,
      anthropicApiKeys = [],
    } = parseSettings('armature cache calibrate', providerSettings, process.env, (path) => readFileSync(path, 'utf8'));
    const spec = embeddingSpec({ openaiApiKeys, openaiBaseUrl, anthropicApiKeys });
    const embeddings = await makeEmbeddings(spec, { openaiBaseUrl, key: openaiApiKeys[0] });
    const embed = (texts: readonly string[]) =>
      embeddings.embedDocuments([...texts]).catch((error: unknown) => {
        throw new LabelledPairsError(
          `${spec.id} did not embed the questions: ${reasonOf(error)} Its provider is that of ${providerSettings.openaiApiKeys.env} and ${providerSettings.openaiBaseUrl.env}.`,
        );
      });
    const weighsWording = semanticCachePolicy.weighsWording[spec.provider];
    const measured = await measurePairs(pairs, embed, (asked, answered, cosine) =>
      compareQuestions(asked, answered, { cosine: weighsWording ? cosine : undefined }),
    );
    const guarded = calibrate(
      measured.map(({ sameness, ...pair }) => ({ ...pair, passes: sameness.same })),
      maxFalseHits,
    );
    const unguarded = calibrate(
      measured.map((pair) => ({ ...pair, passes: true })),
      maxFalseHits,
    );
    process.stdout.write(report(guarded, unguarded, { maxFalseHits, embeddings: spec }));
    if (svg !== undefined) {
      const curves = [
        { name: 'with the guard', colour: '#0a6', calibration: guarded },
        { name: 'threshold alone', colour: '#c40', calibration: unguarded },
      ];
      write(svg, precisionRecallSvg(curves));
      process.stdout.write(`picture: ${svg}\n`);
    }
    if (guarded.chosen === undefined) process.exitCode = EXIT_FINDINGS;
  } catch (error) {
    if (!(error instanceof LabelledPairsError || error instanceof SettingsError)) throw error;
    process.stderr.write(`${file}: ${error.message}\n`);
    process.exitCode = EXIT_USAGE;
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new LabelledPairsError(`it cannot be read: ${reasonOf(error)}`);
  }
}

function write(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new LabelledPairsError(`the picture cannot be written: ${reasonOf(error)}`);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function report(
  guarded: Calibration,
  unguarded: Calibration,
  { maxFalseHits, embeddings }: { readonly maxFalseHits: number; readonly embeddings: EmbeddingSpec },
): string {
  const bound = percent(maxFalseHits);
  const lines = [
    `${guarded.same + guarded.differing} pairs, of which ${guarded.differing} differ; embeddings ${embeddings.id}; false hits at most ${bound}, as the upper end of a 95 % interval`,
    lineOf('with the guard', guarded),
    lineOf('threshold alone', unguarded),
  ];
  const { chosen, differing } = guarded;
  const setting = `semanticCachePolicy.minCosine.${embeddings.provider}`;
  const now = semanticCachePolicy.minCosine[embeddings.provider];
  if (chosen === undefined) {
    const needed = pairsToShow(maxFalseHits);
    lines.push(
      differing < needed
        ? `No threshold: ${needed} pairs that differ are needed to show ${bound}, and there are ${differing}.`
        : 'No threshold: even the nearest pairs hold too many that differ.',
    );
  } else if (chosen.minCosine < now) {
    lines.push(`${setting} is ${now}: it may be lowered to ${chosen.minCosine.toFixed(3)}.`);
  } else lines.push(`Set ${setting}, now ${now}, to ${chosen.minCosine.toFixed(3)}.`);
  return `${lines.join('\n')}\n`;
}

function lineOf(name: string, { chosen, same, differing }: Calibration): string {
  const head = `${name.padEnd(16)} `;
  if (chosen === undefined) return `${head}no threshold`;
  const { minCosine, hits, falseHits } = chosen;
  return `${head}cosine ≥ ${minCosine.toFixed(3)}: hits ${share(hits, same)}, false hits ${share(falseHits, differing)}`;
}

function share(events: number, trials: number): string {
  const { lower, upper } = wilsonInterval(events, trials);
  return `${events} of ${trials} = ${percent(events / trials)} (${percent(lower)} to ${percent(upper)})`;
}

function percent(ratio: number): string {
  return `${(100 * ratio).toFixed(1)} %`;
}
