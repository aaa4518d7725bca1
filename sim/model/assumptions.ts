import * as z from 'zod';

/**
 * What neither the contract nor an environment says, with a default for each. Sources:
 * [m] measured on the embedded platform (bench/sim.ts prints it anew), on one core of a shared 2-core machine;
 * [k] Kubernetes' and cluster-autoscaler's defaults; [i] Istio, "Performance and Scalability" (0.2 cores for 1,000 requests/s);
 * [a] assumed: nobody has measured it here. Give your own in a file (`--assume FILE`), or fit them.
 */
const positive = z.number().positive();
const share = z.number().min(0).max(1);
const shares = (defaults: Readonly<Record<string, number>>) => z.record(z.string(), share).default({ ...defaults });

/** One piece of work of a service: the processor's time, and the time that it waits for its stores. */
const work = (cpuMs: number, ioMs: number) =>
  z.strictObject({ cpuMs: positive.default(cpuMs), ioMs: z.number().min(0).default(ioMs) }).default({ cpuMs, ioMs });

const requests = z.strictObject({
  /** Kinds of request at the entrance [a]: a chat message, a completion by the OpenAI API, a retrieval, an agent's run. */
  kinds: shares({ chat: 1, completion: 0, retrieval: 0, agent: 0 }),
  /** Requests by tier [a]. */
  tiers: shares({ free: 0.6, premium: 0.3, enterprise: 0.1 }),
  /** Prompts by class: the chapter's mix (32.5), with a tenth of all for code [a]. */
  classes: shares({ simple: 0.6, medium: 0.2, complex: 0.1, specialised: 0.1 }),
  /** Requests that one user of the tier makes in a minute [a]; the limiter sees users, not the sum. */
  perUserPerMinute: z.record(z.string(), positive).default({ free: 2, premium: 6, enterprise: 20 }),
  /** Tokens of one model call [a]. */
  promptTokens: positive.default(900),
  answerTokens: positive.default(250),
});

/** Own work of one visit, without what it calls [m, a]. */
const services = z.strictObject({
  gateway: work(1.2, 1),
  chat: work(0.9, 3),
  worker: work(2.5, 4),
  memory: work(0.5, 1),
  rag: work(1.5, 12),
  embed: work(0.8, 80),
  assign: work(0.4, 2),
  invoke: work(2, 8),
  agent: work(3, 2),
});

const caches = z.strictObject({
  /** Retrievals that L1 or L2 answers: the chapter claims 75 % (32.3) and nobody has measured a real mix [a]. */
  retrievalHits: share.default(0.4),
  /** Questions that the semantic cache answers [a]. */
  answerHits: share.default(0.15),
});

const models = z.strictObject({
  /** Mean time of a call by the model's id, where it is known better than by the contract's table. */
  latencyMs: z.record(z.string(), positive).default({}),
  /** Standard deviation of a call's time by its mean [a]. */
  latencyCv: positive.default(0.5),
  /** Requests and tokens that a provider grants in a minute to all keys together: OpenAI's and Anthropic's highest self-service tiers [a]. */
  providerRequestsPerMinute: z.record(z.string(), positive).default({ openai: 10_000, anthropic: 4_000 }),
  providerTokensPerMinute: z.record(z.string(), positive).default({ openai: 10_000_000, anthropic: 2_000_000 }),
});

const pods = z.strictObject({
  /** From the scheduler's decision to a running container with the image on the node; a new node pulls it first [a, m: lab cluster]. */
  startSeconds: z.number().min(0).default(2),
  imagePullSeconds: z.number().min(0).default(12),
  /** Until the process listens and has found its stores [m: bench/startup.ts, and the readiness probe's own delay comes on top]. */
  bootSeconds: z.number().min(0).default(3),
  /** Resident memory of an idle process, and of each request under way [m]. */
  memoryMiB: positive.default(130),
  memoryMiBPerRequest: z.number().min(0).default(0.25),
  /** Processor of an idle pod, in cores [m]. */
  idleCores: z.number().min(0).default(0.01),
  /** Threads that run JavaScript: Node has one, and a limit above a core helps only what runs beside it. */
  threads: z.int().min(1).default(1),
  /** What the mesh's proxy requests, and takes for each request [i]. */
  sidecar: z
    .strictObject({ cpuMilli: positive, memoryMiB: positive, cpuMs: positive })
    .default({ cpuMilli: 100, memoryMiB: 128, cpuMs: 0.2 }),
});

const nodes = z.strictObject({
  /** From the cluster autoscaler's order to a node that is ready [a: EC2 and kubelet, about a minute and a half]. */
  provisionSeconds: z.number().min(0).default(90),
  /** [k] scan-interval, scale-down-unneeded-time, scale-down-delay-after-add, scale-down-utilization-threshold */
  scanSeconds: positive.default(10),
  unneededSeconds: positive.default(600),
  delayAfterAddSeconds: positive.default(600),
  utilisationThreshold: share.default(0.5),
  /** Most nodes of a pool whose environment names no capacity. */
  maxNodes: z.int().min(1).default(100),
  /** Instance type by placement [a]. */
  instanceTypes: z.record(z.string(), z.string()).default({
    general: 'm6i.xlarge',
    compute: 'c6i.xlarge',
    memory: 'r6i.large',
    network: 'm6i.xlarge',
    isolated: 'm6i.large',
  }),
});

const pipeline = z.strictObject({
  /** [k] metrics-server's --metric-resolution, and its kubelets' window. */
  resourceSeconds: positive.default(15),
  /** [k] --horizontal-pod-autoscaler-sync-period */
  syncSeconds: positive.default(15),
  /** When the first scrape, rule evaluation and sync come: in a cluster they have nothing to do with each other [a]. */
  scrapeOffsetSeconds: z.number().min(0).default(4),
  ruleOffsetSeconds: z.number().min(0).default(9),
});

const failures = z.strictObject({
  /** Tasks whose attempt fails for another reason than a limit, and may be tried again [a]. */
  taskFailures: share.default(0.001),
});

export const assumptions = z.strictObject({
  requests: requests.prefault({}),
  services: services.prefault({}),
  caches: caches.prefault({}),
  models: models.prefault({}),
  pods: pods.prefault({}),
  nodes: nodes.prefault({}),
  pipeline: pipeline.prefault({}),
  failures: failures.prefault({}),
});
export type Assumptions = z.output<typeof assumptions>;
export type AssumptionsInput = z.input<typeof assumptions>;
export type Work = keyof Assumptions['services'];

export const DEFAULT_ASSUMPTIONS: Assumptions = assumptions.parse({});

/** Assumptions that cannot be. */
export class AssumptionsError extends Error {
  override readonly name = 'AssumptionsError';
}

/** @throws {AssumptionsError} naming every bad value */
export function parseAssumptions(input: unknown, source = 'assumptions'): Assumptions {
  const parsed = assumptions.safeParse(input);
  const problems = parsed.success
    ? mixProblems(parsed.data)
    : parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`);
  if (parsed.success && problems.length === 0) return parsed.data;
  throw new AssumptionsError([`${source}:`, ...problems].join('\n  '));
}

/** A name that nobody knows would be a share of requests that nobody makes. */
function mixProblems({ requests }: Assumptions): string[] {
  const names = ['kinds', 'tiers', 'classes', 'perUserPerMinute'] as const;
  const unknown = names.flatMap((name) => {
    const known = Object.keys(DEFAULT_ASSUMPTIONS.requests[name]);
    const others = Object.keys(requests[name]).filter((key) => !known.includes(key));
    return others.map((key) => `requests.${name}: has no use for "${key}"; there are ${known.join(', ')}`);
  });
  const { kinds, tiers, classes } = requests;
  const sums = Object.entries({ kinds, tiers, classes }).flatMap(([name, mix]) => {
    const sum = Object.values(mix).reduce((total, value) => total + value, 0);
    return Math.abs(sum - 1) < 1e-6
      ? []
      : [`requests.${name}: its shares add up to ${Number(sum.toFixed(6))}, not to 1`];
  });
  return [...unknown, ...sums];
}
