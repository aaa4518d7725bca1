/**
 * How English says what a calculator takes as a sign; a number stands on both sides. Each pattern is tried from few places only: on
 * 32,000 zeros one that starts at every digit takes seconds.
 */
const SPOKEN: readonly (readonly [RegExp, string])[] = [
  [/(?<=\d),(?=\d{3}(?!\d))/g, ''],
  [/(?<!\d)(\d+(?:\.\d+)?)\s*(?:%|percent) of\s+(?=[\d(])/gi, '$1 / 100 * '],
  [/\bsquare root of\s+(\d+(?:\.\d+)?)/gi, 'sqrt($1)'],
  [/\b(?<=[\d)]\s*)squared\b/gi, '^2'],
  [/\b(?<=[\d)]\s*)cubed\b/gi, '^3'],
  [/(?<=[\d)])\s*(?:\bplus\b)\s*(?=[\d(])/gi, ' + '],
  [/(?<=[\d)])\s*(?:\bminus\b|−)\s*(?=[\d(])/gi, ' - '],
  [/(?<=[\d)])\s*(?:\b(?:times|multiplied by|x)\b|×)\s*(?=[\d(])/gi, ' * '],
  [/(?<=[\d)])\s*(?:\bdivided by\b|÷)\s*(?=[\d(])/gi, ' / '],
  [/(?<=[\d)])\s*\bto the power of\b\s*(?=[\d(])/gi, ' ^ '],
];

/** Whatever arithmetic is written with. What it begins and ends with is looked for within: together they would try every pair of places. */
const RUN = /(?:sqrt\(|[\d\s.()+*/^%-])+/g;
const SPAN_START = /sqrt\(|[-(]|\.?\d/;
const OPERATION = /[\d)]\s*[-+*/^%]\s*[-\d.(s]|sqrt\(/;
/** `2024-05-01`, `24/7`, `1.2.3` and `10-20` are names of things unless somebody asks to calculate them. */
const LOOKS_LIKE_NAME = /\d\.\d+\.\d|^[\d.]+(?:[-/][\d.]+)+$/;
const ASKS_TO_CALCULATE = /\b(calculate|compute|evaluate|how much is|what is|what['’]s|result of)\s*$/i;

export interface FoundExpression {
  /** As a calculator takes it. */
  readonly expression: string;
  /** The text without it. */
  readonly rest: string;
}

/** Finds the longest arithmetic expression of a text, written (`3 * (4 + 1)`) or spoken ("12 times 7", "15% of 200"). */
export function findExpression(text: string): FoundExpression | undefined {
  const written = SPOKEN.reduce((result, [pattern, sign]) => result.replace(pattern, sign), text);
  const spans = spansOf(written).filter(({ span, index }) => {
    if (!OPERATION.test(span) || !isBalanced(span)) return false;
    return (
      !LOOKS_LIKE_NAME.test(span) ||
      (ASKS_TO_CALCULATE.test(written.slice(0, index)) && !/\d[-/.]\d+[-/.]\d/.test(span))
    );
  });
  const longest = spans.toSorted((a, b) => b.span.length - a.span.length)[0];
  if (longest === undefined) return undefined;
  const end = longest.index + longest.span.length;
  return { expression: longest.span.trim(), rest: `${written.slice(0, longest.index)} ${written.slice(end)}` };
}

/** From a sign, a bracket or a figure to the last figure or closing bracket of each run. */
function spansOf(written: string): { readonly span: string; readonly index: number }[] {
  return [...written.matchAll(RUN)].flatMap(({ 0: run, index }) => {
    const start = run.search(SPAN_START);
    const end = [...run].findLastIndex((sign) => /[\d)]/.test(sign));
    return start < 0 || end <= start ? [] : [{ span: run.slice(start, end + 1), index: index + start }];
  });
}

function isBalanced(expression: string): boolean {
  let depth = 0;
  for (const character of expression) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0;
}
