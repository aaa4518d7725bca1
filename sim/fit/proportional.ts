export interface Point {
  readonly x: number;
  readonly y: number;
}

/** By how much `y` grows with `x`. Undefined where it does not grow, or there is too little to tell. */
export function proportional(points: readonly Point[]): number | undefined {
  const sum = (of: (point: Point) => number) => points.reduce((total, point) => total + of(point), 0);
  const [meanX, meanY] = [sum(({ x }) => x) / points.length, sum(({ y }) => y) / points.length];
  const spread = sum(({ x }) => (x - meanX) ** 2);
  // A rate that hardly changes tells the line's height and not its slope: then all of it is taken to be the requests'.
  const isSteady = points.length < 3 || spread < 0.01 * points.length * meanX ** 2;
  const slope = isSteady ? meanY / meanX : sum(({ x, y }) => (x - meanX) * (y - meanY)) / spread;
  return Number.isFinite(slope) && slope > 0 ? slope : undefined;
}
