import * as z from 'zod';

/** Two questions, and whether the answer to one answers the other. */
export interface LabelledPair {
  readonly same: boolean;
  readonly one: string;
  readonly other: string;
}

const labelledPair = z.object({
  same: z.boolean(),
  one: z.string().trim().min(1),
  other: z.string().trim().min(1),
});

const SHOWN_PROBLEMS = 5;

/** A file of pairs says something else than pairs. */
export class LabelledPairsError extends Error {
  override readonly name = 'LabelledPairsError';
}

/**
 * Reads JSON Lines of `{"same": true, "one": "…", "other": "…"}`. Other fields are left alone, and so are empty lines.
 * @throws {LabelledPairsError} naming the lines that cannot be read, or the label of which there is no pair
 */
export function readLabelledPairs(text: string): readonly LabelledPair[] {
  const problems: string[] = [];
  const pairs = text.split(/\r?\n/).flatMap((line, i) => {
    if (line.trim() === '') return [];
    const pair = pairOf(line);
    if (typeof pair !== 'string') return [pair];
    problems.push(`line ${i + 1}: ${pair}`);
    return [];
  });
  if (problems.length > 0) {
    const more = problems.length > SHOWN_PROBLEMS ? [`and ${problems.length - SHOWN_PROBLEMS} more lines`] : [];
    const form = 'Each line is a pair such as {"same": false, "one": "Is it open?", "other": "Is it closed?"}.';
    throw new LabelledPairsError([form, ...problems.slice(0, SHOWN_PROBLEMS), ...more].join('\n'));
  }
  for (const same of [true, false]) {
    if (pairs.some((pair) => pair.same === same)) continue;
    throw new LabelledPairsError(
      `There is no pair with "same": ${same}: a threshold lies between those that are the same and those that are not.`,
    );
  }
  return pairs;
}

/** @returns what is wrong with the line, if something is */
function pairOf(line: string): LabelledPair | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return `it is not JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
  const { data, error } = labelledPair.safeParse(value);
  if (data !== undefined) return data;
  return error.issues
    .map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`))
    .join('; ');
}
