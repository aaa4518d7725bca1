import { requestPath } from '../vocabulary/index.js';

/** Figures that more than one side reads: limits, caches, budgets and releases (chapter 32). */

const path = requestPath({ clientMs: 100_000, hopMs: 5_000, serviceCallMs: 20_000 });

/** One budget along the whole request path: 95 s at the entrance, 90 s for a route, 60 s for a run, 15 s for a model call. */
export const requestBudget = {
  ...path,
  /** What `POST /api/chat` waits for an answer before it says 202. */
  syncAnswerMs: 25_000,
  /** One agent run, then 504. */
  agentRunMs: path.runMs,
  /** One look at a service's readiness. */
  probeMs: 2_000,
  /** A server keeps an idle connection open for so long, */
  keepAliveMs: 72_000,
  /** and a proxy before it lets go first: it would else send into a connection that is being closed. */
  proxyIdleMs: 60_000,
} as const;

export const requestLimits = {
  bodyBytes: 1_048_576,
  /** An uploaded document. */
  documentBytes: 20_971_520,
  messageCharacters: 32_000,
  /** Texts of one batch embedding request. */
  batchTexts: 10_000,
} as const;

/** What a request is taken to mean where it does not say. */
export const requestDefaults = { maxOutputTokens: 1_024 } as const;

export const agentPolicy = { maxIterations: 5 } as const;

export const taskPolicy = {
  /** A task whose worker was lost so often while it ran is taken to be what kills it, and is given up. */
  lostWorkers: 3,
  /** How long a task in a worker's hands may wait for its turn; then it is set aside. With the hard limit it fits the consumer timeout. */
  turnSeconds: 60,
} as const;

/** What one use of a tool may take. */
export const toolLimits = { expressionCharacters: 500 } as const;

export const memoryPolicy = { keptMessages: 50, ttlSeconds: 30 * 24 * 3600, readMessages: 10 } as const;

export const ragPolicy = { topK: 5, cacheTtlSeconds: 300, chunkCharacters: 900, chunkOverlapCharacters: 120 } as const;

export const cachePolicy = {
  l1: { entries: 1000, bytes: 32 * 1_048_576, ttlSeconds: 60 },
  /** A shared level that is slower than `timeoutMs` is passed over, and left alone for `restMs`. */
  l2: { ttlSeconds: 3600, timeoutMs: 250, restMs: 1_000 },
  /** A value whose time is over may be given so much longer, while it is computed again. */
  staleSeconds: 30,
  /** How long it is remembered that there is nothing. */
  missTtlSeconds: 60,
  /** Lifetimes are shorter by up to this share, by chance. */
  jitterRatio: 0.1,
  /** One replica computes and says so, the others look every `pollMs`; after `waitMs`, which is a model call's time, they compute too. */
  lease: { ms: 2_000, pollMs: 50, waitMs: 15_000 },
} as const;

/** What the embedded adapters hold at most, before the least recently used goes. */
export const embeddedBounds = { rateLimitedUsers: 10_000, cacheEntries: 10_000, cachedAnswers: 10_000 } as const;

export const semanticCachePolicy = {
  minCosine: 0.85,
  /** Seconds by kind of answer; `null` lives until it is invalidated. */
  ttlSeconds: { news: 3600, knowledge: null },
  /** Nearest answers that the guard looks at. */
  candidates: 5,
  /** A longer question is hardly asked twice. */
  maxQuestionCharacters: 500,
  /** A look-up or a store that takes longer is passed over. */
  timeoutMs: 1_000,
} as const;
export type AnswerKind = keyof typeof semanticCachePolicy.ttlSeconds;

export const retryPolicy = { attempts: 3, initialDelayMs: 200, maxDelayMs: 5_000 } as const;

export const breakerPolicy = { consecutiveFailures: 5, halfOpenAfterMs: 10_000 } as const;

/** How long an API key rests after a 429 that names no time. */
export const keyPolicy = { restMs: 10_000 } as const;

export const canaryPolicy = {
  stepPercents: [5, 15, 30, 50, 100],
  stepSeconds: 30 * 60,
  checkSeconds: 60,
  maxErrorRatio: 0.05,
  /** Against the stable pods over the same window. */
  maxLatencyRatio: 1.5,
  minRequestsPerStep: 500,
  /** Where the stable pods' p99 comes from: long and full enough that a p99 means something. */
  baseline: { quantile: 0.99, windowSeconds: 600, minRequests: 300 },
  /** Without any measurement for this long, the release is rolled back. */
  maxBlindSeconds: 15 * 60,
  /** Rates that the verdict keeps over a whole release, however often it looks. */
  falseRollbackRate: 0.05,
  betaHeader: { name: 'x-beta-user', value: 'true' },
  stableVersion: 'v1',
  canaryVersion: 'v2',
} as const;
