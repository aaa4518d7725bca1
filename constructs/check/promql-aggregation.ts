const AGGREGATIONS = ['sum', 'avg', 'min', 'max', 'count', 'topk', 'bottomk', 'quantile', 'count_values', 'group'];
const RATES = ['rate', 'irate', 'increase', 'delta', 'deriv'];

/**
 * Whether every rate of a PromQL expression stands inside an aggregation. One that does not has a series for each set of labels, of
 * which whoever wants one number gets an arbitrary one.
 */
export function isAggregated(expression: string): boolean {
  const grouping = /\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g;
  const calls: string[] = [];
  for (const [token, name] of withoutText(expression)
    .replace(grouping, ' ')
    .matchAll(/([A-Za-z_]\w*)?\s*\(|\)/g)) {
    if (token === ')') {
      calls.pop();
      continue;
    }
    if (RATES.includes(name ?? '') && !calls.some((call) => AGGREGATIONS.includes(call))) return false;
    calls.push(name ?? '');
  }
  return true;
}

/** Whether some `histogram_quantile` is given buckets of which it cannot tell the bounds: an aggregation dropped `le`. */
export function losesBucketBounds(expression: string): boolean {
  const aggregation = /histogram_quantile\s*\([^,]*,\s*(?:sum|avg|max|min)\s*(?:(by|without)\s*\(([^)]*)\))?/g;
  return [...withoutText(expression).matchAll(aggregation)].some(([, grouping, labels = '']) => {
    const hasBound = labels.split(',').some((label) => label.trim() === 'le');
    return grouping === 'without' ? hasBound : !hasBound;
  });
}

/** Label values may hold parentheses. */
function withoutText(expression: string): string {
  return expression.replace(/"(\\.|[^"\\])*"|'(\\.|[^'\\])*'/g, '""');
}
