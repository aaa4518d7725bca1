import { counter, gauge, histogram } from '../vocabulary/index.js';
import { SCRAPE_INTERVAL_SECONDS } from './scrape-interval.js';

/** Four scrapes and one to spare: a lost scrape does not lose the rate. */
export const RATE_WINDOW_SECONDS = 5 * SCRAPE_INTERVAL_SECONDS;

/**
 * Edges in seconds. The chapter's seven (32.4: 0.1 0.5 1 2 5 10 30) are kept; between 0.1 and 10 neighbours differ by at most
 * a quarter, so that a shift of 1.5x is visible (with the seven alone 2.25 s and 3.40 s read as 3.73 and 4.86).
 */
export const LATENCY_BUCKETS_SECONDS = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.125, 0.15, 0.18, 0.22, 0.27, 0.33, 0.4, 0.5, 0.6, 0.75, 0.9, 1, 1.25, 1.5, 1.8, 2,
  2.5, 3, 3.6, 4.3, 5, 6, 7.5, 9, 10, 15, 20, 30,
] as const;

export const httpRequests = counter({
  name: 'http_requests_total',
  unit: 'requests',
  help: 'HTTP requests answered, by route template and status.',
  labels: ['method', 'endpoint', 'status'],
});

export const httpRequestDuration = histogram({
  name: 'http_request_duration_seconds',
  unit: 'seconds',
  help: 'Time from the request to the end of its answer, by route template.',
  labels: ['method', 'endpoint'],
  buckets: LATENCY_BUCKETS_SECONDS,
});

/** By the name that Prometheus's own clients give it. */
export const processCpu = counter({
  name: 'process_cpu_seconds_total',
  unit: 'seconds',
  help: 'Processor time that the process has taken, by itself and in the kernel.',
});

export const llmTokens = counter({
  name: 'llm_tokens_used_total',
  unit: 'tokens',
  help: "Tokens by the provider's own usage figures.",
  labels: ['model', 'direction'],
});

export const llmCost = counter({
  name: 'llm_cost_dollars_total',
  unit: 'dollars',
  help: 'Cost of model calls by the price table, in US dollars.',
  labels: ['model'],
});

export const llmSaved = counter({
  name: 'llm_saved_dollars_total',
  unit: 'dollars',
  help: 'What answers from the caches would have cost, in US dollars.',
  labels: ['model'],
});

export const ledgerEntries = counter({
  name: 'llm_ledger_entries_total',
  unit: 'events',
  help: 'Calls booked, by kind (chat, embedding, cache-hit) and by what their figures rest on (reported, estimated).',
  labels: ['kind', 'basis'],
});

export const ledgerWaiting = gauge({
  name: 'llm_ledger_waiting_entries',
  unit: 'events',
  help: 'Calls that the ledger has not taken yet: it is away or slow.',
  labels: [],
});

export const budgetAlerts = counter({
  name: 'llm_budget_alerts_total',
  unit: 'events',
  help: 'Budgets that reached a percentage of their limit.',
  labels: ['percent'],
});

export const budgetRefusals = counter({
  name: 'llm_budget_refusals_total',
  unit: 'requests',
  help: 'Calls refused because a budget is spent, by its period.',
  labels: ['period'],
});

export const llmRequests = counter({
  name: 'llm_requests_total',
  unit: 'requests',
  help: 'Model calls, by outcome: ok, hedged (the one of two that was given up), or how it failed.',
  labels: ['model', 'outcome'],
});

export const llmRequestDuration = histogram({
  name: 'llm_request_duration_seconds',
  unit: 'seconds',
  help: 'Time of a model call that was answered whole, the wait for its first word included.',
  labels: ['model'],
  buckets: LATENCY_BUCKETS_SECONDS,
});

export const routeDecisions = counter({
  name: 'llm_route_decisions_total',
  unit: 'requests',
  help: 'Routing decisions, by class of prompt and model chosen.',
  labels: ['class', 'model'],
});

export const cacheRequests = counter({
  name: 'cache_requests_total',
  unit: 'requests',
  help: 'Cache look-ups, by cache (the prefix of its keys) and the level that answered: l1, l2, source, semantic.',
  labels: ['cache', 'level'],
});

export const rateLimitDecisions = counter({
  name: 'rate_limit_decisions_total',
  unit: 'requests',
  help: 'Admission decisions, by tier: admitted, window, bucket, tokens.',
  labels: ['tier', 'decision'],
});

export const tasksFinished = counter({
  name: 'tasks_finished_total',
  unit: 'tasks',
  help: 'Tasks that ended, by kind and outcome: completed, retried, failed.',
  labels: ['kind', 'outcome'],
});

/** What {@link queueMessagesReady} tells too, of brokers that are managed elsewhere and have no exporter. */
export const taskQueueMessages = gauge({
  name: 'task_queue_messages_ready',
  unit: 'messages',
  help: 'Messages that wait in a queue for a consumer, as the broker says when it is asked.',
  labels: ['queue'],
});

export const taskDuration = histogram({
  name: 'task_duration_seconds',
  unit: 'seconds',
  help: 'Time a worker spent on a task.',
  labels: ['kind'],
  buckets: [...LATENCY_BUCKETS_SECONDS, 60, 120, 240, 300],
});

export const experimentExposures = counter({
  name: 'experiment_exposures_total',
  unit: 'events',
  help: 'Times a variant was really used, by experiment.',
  labels: ['experiment', 'variant'],
});

/** By the release that made the answer, not by that of the pod that is told: a score comes to any of them. */
const ofScoredAnswers = { labels: ['answered_by'] } as const;

export const answerScore = counter({
  ...ofScoredAnswers,
  name: 'answer_score_total',
  unit: 'ratio',
  help: 'Scores that users gave to answers, 0 to 1 each, summed.',
});

export const scoredAnswers = counter({
  ...ofScoredAnswers,
  name: 'scored_answers_total',
  unit: 'events',
  help: 'Answers that users gave a score.',
});

export const canaryWeight = gauge({
  name: 'canary_weight_ratio',
  unit: 'ratio',
  help: 'Share of traffic that a release in progress sends to its canary, 0 to 1.',
  labels: ['release'],
});

export const canaryFloor = gauge({
  name: 'canary_floor_replicas',
  unit: 'replicas',
  help: 'Pods that a Deployment must have at least for its part in a release under way; 0 where its load alone counts.',
  labels: ['deployment'],
});

export const canaryReleasesEnded = counter({
  name: 'canary_releases_ended_total',
  unit: 'events',
  help: 'Releases that ended, by outcome: promoted, rollback.',
  labels: ['release', 'outcome'],
});

/** What the runtime emits for every process. */
export const processMetrics = [httpRequests, httpRequestDuration, processCpu] as const;
