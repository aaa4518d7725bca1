import { CANARY_POLICY_DEFAULTS, requestPath } from '../vocabulary/index.js';
import { SCRAPE_INTERVAL_SECONDS } from './scrape-interval.js';

/** Figures that more than one side reads: limits, caches, budgets and releases (chapter 32). */

const path = requestPath({ clientMs: 100_000, hopMs: 5_000, serviceCallMs: 20_000 });

/** One budget along the whole request path: 95 s at the entrance, 90 s for a route, 60 s for a run, 15 s for a model call. */
export const requestBudget = {
  ...path,
  /** What `POST /api/chat` waits for an answer before it says 202. */
  syncAnswerMs: 25_000,
  /** One agent run, then 504. */
  agentRunMs: path.runMs,
  /** One statement of a database. With the wait for a connection it ends before whoever called the service gives up. */
  statementMs: path.serviceCallMs / 2,
  /** One look at a service's readiness. */
  probeMs: 2_000,
  /** One call of the Kubernetes API. */
  kubernetesCallMs: 5_000,
  /** A server keeps an idle connection open for so long, */
  keepAliveMs: 72_000,
  /** and a proxy before it lets go first: it would else send into a connection that is being closed. */
  proxyIdleMs: 60_000,
} as const;

export const requestLimits = {
  bodyBytes: 1_048_576,
  /** An uploaded document. */
  documentBytes: 20_971_520,
  /** What a provider answers in one piece, unpacked: several times a batch of the longest embeddings. */
  providerAnswerBytes: 33_554_432,
  messageCharacters: 32_000,
  /** Texts of one batch embedding request. */
  batchTexts: 10_000,
} as const;

/** What a request is taken to mean where it does not say. */
export const requestDefaults = { maxOutputTokens: 1_024 } as const;

export const agentPolicy = {
  maxIterations: 5,
  /** Tools that one iteration may use; the model is told of those that were too many. */
  callsAtOnce: 8,
  /** What all tools of a run may say to the model: it has to fit into a window together. */
  toolCharacters: 40_000,
} as const;

/**
 * What a prompt holds, in characters: one that grew with the conversation or with what was found would fit no model at last. Both together are
 * what the smallest window takes of English. The longest question leaves a little room for earlier turns.
 */
export const promptPolicy = { passageCharacters: 16_000, conversationCharacters: 36_000 } as const;

export const taskPolicy = {
  /** A task whose worker was lost so often while it ran is taken to be what kills it, and is given up. */
  lostWorkers: 3,
  /** A task that is still being handed to the queue after so long was left half-way. Far longer than a request may take. */
  submissionSeconds: 300,
  /** How often what was left half-way is looked for. */
  submissionLookSeconds: 60,
  /** How long a task in a worker's hands may wait for its turn; then it is set aside. With the hard limit it fits the consumer timeout. */
  turnSeconds: 60,
} as const;

/** What one use of a tool may take. */
export const toolLimits = {
  expressionCharacters: 500,
  code: {
    characters: 10_000,
    timeoutMs: 1_000,
    /** Beyond `timeoutMs` the interpreter is not asked any more, but ended from outside: its built-in loops take no notice of a deadline. */
    endAfterMs: 1_500,
    memoryBytes: 16 * 1_048_576,
    stackBytes: 256 * 1024,
    /** Programs that a process runs at a time, and that wait for it. */
    atATime: 2,
    waiting: 50,
  },
  fetch: { urlCharacters: 2_000, timeoutMs: 10_000, bytes: 1_048_576, redirects: 3 },
  /** Of what code printed or a page says, the model is given so much. */
  outputCharacters: 20_000,
} as const;

export const memoryPolicy = { keptMessages: 50, ttlSeconds: 30 * 24 * 3600, readMessages: 10 } as const;

export const ragPolicy = {
  topK: 5,
  maxTopK: 50,
  /** Passages of each of the two searches that are fused. */
  candidates: 50,
  cacheTtlSeconds: 300,
  chunkCharacters: 900,
  chunkOverlapCharacters: 120,
} as const;

export const cachePolicy = {
  /** How old an answer may be that is given when no model can be reached. */
  lastAnswerTtlSeconds: 24 * 3600,
  /** How long the gateway tells the models without asking the orchestrator. */
  modelListTtlSeconds: 60,
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
  /** By the provider of the embeddings: what is farther is not looked at. Of what is nearer the guard decides, which no cosine can. */
  minCosine: { openai: 0.6, local: 0.25 },
  /** Whether nearness may speak for a question in quite other words: where it tells meaning, as that of language models does. */
  weighsWording: { openai: true, local: false },
  /** Seconds by kind of answer; `null` lives until it is invalidated. */
  ttlSeconds: { news: 3600, knowledge: null },
  /** Answers that a shared index holds, and one in a hundred more until it is next looked at; beyond that the oldest go. */
  keptAnswers: 100_000,
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

/** The keys of an identity provider (JWKS). */
export const keySetPolicy = {
  /** They are read again after so long; a key that was withdrawn lives no longer than this and `verifiedTokens.ttlMs`. */
  maxAgeMs: 10 * 60_000,
  /** An unknown key id has them read again, but not within this time of the last reading. */
  cooldownMs: 30_000,
  timeoutMs: 2_000,
  /** A set has a few keys of a thousand bytes each. */
  bytes: 1_048_576,
  /** Between a reading that failed and the next one. */
  pauseMs: 10_000,
  /** While the provider is away, keys stay good for so long after they were read. */
  staleMs: 3_600_000,
} as const;

/** Tokens that were verified and need not be for a while, nor past their expiry. */
export const verifiedTokens = { ttlMs: 5 * 60_000, entries: 10_000, characters: 16_777_216 } as const;

export const apiKeyPolicy = {
  /** A key that was revoked works for so long at most. */
  cacheMs: 30_000,
  cachedKeys: 10_000,
  /** A request waits no longer for the store of keys. */
  timeoutMs: 1_000,
} as const;

/** How prompts are classified, and what is made of how the models did lately. */
export const routerPolicy = {
  /** Who classifies prompts is asked for no longer. */
  classifierTimeoutMs: 50,
  /** What was seen of a model counts half after so long, and soon nothing: one that was passed over gets its chance again. */
  latencyHalfLifeMs: 120_000,
  errorHalfLifeMs: 30_000,
  /** Of fewer calls, weighted so, nothing is concluded. */
  minCalls: 5,
  /** A model that fails more of its calls yields to one that does not. */
  maxErrorRatio: 0.5,
  /** One whose median is so many times what is usual of it yields too, unless the caller asked for quality or the least cost. */
  slowTimes: 3,
} as const;

/** Second calls of a model that is late (Dean and Barroso, The Tail at Scale, 2013). */
export const hedgePolicy = {
  /** Of all calls that may be hedged. */
  maxShare: 0.05,
  /** Second calls that can be saved up while none are needed. */
  savedCalls: 10,
} as const;

export const ledgerPolicy = {
  /** An answer waits no longer for the ledger; what it has not taken by then is written again later. */
  timeoutMs: 2_000,
  /** And no longer than that once the ledger was late or failed, until it works again. */
  awayTimeoutMs: 100,
  /** Entries that wait in a process at most for a ledger that is away. */
  waitingEntries: 10_000,
  /** A process that ends waits so long for the entries that it still has. */
  closeMs: 5_000,
  /** Percentages of a budget that somebody is told of. At the last one, calls are refused. */
  alertPercents: [50, 80, 100],
} as const;

/** The platform's releases are judged by the vocabulary's figures (32.6). */
export const canaryPolicy = {
  ...CANARY_POLICY_DEFAULTS,
  scrapeSeconds: SCRAPE_INTERVAL_SECONDS,
  betaHeader: { name: 'x-beta-user', value: 'true' },
  stableVersion: 'v1',
  canaryVersion: 'v2',
} as const;
