const CLOSES: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/** What no Prometheus reads, by its form once texts are empty. */
const SLIPS: readonly (readonly [form: RegExp, problem: string])[] = [
  [/\b(rate|irate|increase|delta|deriv)\s*\(\s*[\w:]+\s*(\{[^}]*\})?\s*\)/, 'a rate has no window, such as [5m]'],
  [
    /\b(rate|irate|increase)\s*\(\s*(sum|avg|max|min|count)\b[^[\]]*\[\w+\]/,
    'it is the rate of a sum, not the sum of rates',
  ],
  [/\{[^}]*=~?\s*[A-Za-z_]/, 'the value of a matcher is not in quotes'],
];

function slipIn(bare: string): string | undefined {
  const isAssigned = /[^=!<>~]=(?![=~])/.test(bare.replace(/\{[^}]*\}/g, ''));
  return isAssigned ? '"=" compares nothing, "==" does' : SLIPS.find(([form]) => form.test(bare))?.[1];
}

/** What of an expression no Prometheus could read, or would answer with nothing; undefined where nothing is to be seen. */
export function promqlError(expression: string): string | undefined {
  // Of comments and texts whichever begins first: each may hold what begins the other.
  const bare = expression.replace(/#.*$|"(\\.|[^"\\])*"|'(\\.|[^'\\])*'|`[^`]*`/gm, (part) =>
    part[0] === '#' ? '' : '""',
  );
  const open: string[] = [];
  for (const bracket of bare.replace(/[^()[\]{}]/g, '')) {
    const opener = CLOSES[bracket];
    if (opener === undefined) open.push(bracket);
    else if (open.pop() !== opener) return `"${bracket}" closes nothing`;
  }
  if (open.length > 0) return `"${open.at(-1)}" is not closed`;
  const slip = slipIn(bare);
  if (slip !== undefined) return slip;
  const quantiles = [...bare.matchAll(/\bhistogram_quantile\s*\(\s*(\d+(?:\.\d+)?)\s*,/g)].map(([, one]) =>
    Number(one),
  );
  const wrong = quantiles.find((one) => one > 1);
  return wrong === undefined ? undefined : `the quantile ${wrong} is above 1`;
}

const UNIT_SECONDS: Readonly<Record<string, number>> = {
  ...{ ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 },
  ...{ w: 7 * 86_400, y: 365 * 86_400 },
};

/** Seconds of a duration as Prometheus writes it (`1h30m`); undefined if it is none. */
export function promqlSeconds(duration: string): number | undefined {
  if (duration === '0') return 0;
  if (!/^(\d+(ms|[smhdwy]))+$/.test(duration)) return undefined;
  return [...duration.matchAll(/(\d+)(ms|[smhdwy])/g)].reduce(
    (sum, [, number, unit = '']) => sum + Number(number) * (UNIT_SECONDS[unit] ?? 0),
    0,
  );
}

/** The windows over which an expression takes rates, in its own words. */
export function rateWindows(expression: string): readonly string[] {
  return [...expression.matchAll(/\b(?:rate|irate|increase|delta|deriv)\s*\([^[\]]*\[(\w+)\]/g)].map(
    ([, window = '']) => window,
  );
}
