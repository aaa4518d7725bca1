import { z } from 'zod';
import { scalingBehavior } from '../constructs/index.js';

/** How an environment decides on replicas. */
export const scalingChoice = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('autoscaled'),
    /** Floor of every service. @default each service's own in the contract */
    minReplicas: z.int().min(2).optional(),
    /** Ceiling of every service. */
    maxReplicas: z.int().min(2),
    cpuPercent: z.int().min(1).max(100),
    memoryPercent: z.int().min(1).max(100),
    /** Mean p99 of the pods, in seconds, of services whose own work takes the time. */
    latencyP99Seconds: z.number().positive(),
    /** Tasks that wait, for each replica of the worker. */
    backlogPerReplica: z.number().positive(),
    behavior: scalingBehavior,
  }),
  z.strictObject({ kind: z.literal('fixed'), replicas: z.int().min(1).max(50), why: z.string().min(1) }),
]);
export type ScalingChoice = Readonly<z.infer<typeof scalingChoice>>;

export const Scaling = {
  /** By CPU, memory, latency and backlog. */
  autoscaled(props: Omit<Extract<ScalingChoice, { kind: 'autoscaled' }>, 'kind'>) {
    return { kind: 'autoscaled' as const, ...props };
  },
  /** So many replicas of every service, and why. */
  fixed(replicas: number, why: string) {
    return { kind: 'fixed' as const, replicas, why };
  },
};
