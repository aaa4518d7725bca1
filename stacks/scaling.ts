import * as z from 'zod';
import { type ScalingBehavior, scalingBehavior } from '../constructs/index.js';
import { METRIC_LOSS_ANSWERS } from '../contract/index.js';

const autoscaled = z.strictObject({
  kind: z.literal('autoscaled'),
  /** Floor of every service. @default each service's own in the contract */
  minReplicas: z.int().min(2).optional(),
  /** Ceiling of every service. */
  maxReplicas: z.int().min(2),
  /** Mean CPU and memory, in percent of what the pods request. */
  cpuPercent: z.int().min(1).max(100),
  memoryPercent: z.int().min(1).max(100),
  /** Mean p99 of a service's pods, in seconds. */
  latencyP99Seconds: z.number().positive(),
  /** Tasks that wait, for each replica of the worker. */
  backlogPerReplica: z.number().positive(),
  /** What latency and backlog make of the replicas while they have no value. @default hold: as many as there are, or more */
  onMetricLoss: z.enum(METRIC_LOSS_ANSWERS).default('hold'),
  behavior: scalingBehavior,
});
const fixed = z.strictObject({
  kind: z.literal('fixed'),
  replicas: z.int().min(1).max(50),
  why: z.string().min(1, 'must say why nothing scales'),
});

/** How an environment decides on the number of replicas. */
export const scalingChoice = z.discriminatedUnion('kind', [autoscaled, fixed]);
export type ScalingChoice = Readonly<z.infer<typeof scalingChoice>>;
export type Autoscaled = Extract<ScalingChoice, { kind: 'autoscaled' }>;

/** Up at once, by a doubling or five pods, whichever is more; down after five calm minutes, by half or two pods, whichever is less. */
const CHAPTER_BEHAVIOR: ScalingBehavior = {
  scaleUp: { stabilizationSeconds: 0, percent: 100, pods: 5, periodSeconds: 15, select: 'Max' },
  scaleDown: { stabilizationSeconds: 300, percent: 50, pods: 2, periodSeconds: 60, select: 'Min' },
};

/** The two ways to decide. */
export const Scaling = {
  /** By CPU, memory, latency and backlog. Every default is the chapter's (32.4). */
  autoscaled(props: Partial<Omit<Autoscaled, 'kind'>> & Pick<Autoscaled, 'maxReplicas'>): Autoscaled {
    return {
      kind: 'autoscaled',
      cpuPercent: 70,
      memoryPercent: 80,
      latencyP99Seconds: 1,
      backlogPerReplica: 10,
      onMetricLoss: 'hold',
      behavior: CHAPTER_BEHAVIOR,
      ...props,
    };
  },

  /** So many replicas of every service, and why. */
  fixed(replicas: number, why: string): ScalingChoice {
    return { kind: 'fixed', replicas, why };
  },
};
