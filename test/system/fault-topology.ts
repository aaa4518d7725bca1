import { tasks } from '../../contract/index.js';

/** The platform's topology with limits and delays that a test can wait for. */
export const faultTopology = { ...tasks, retryDelaysSeconds: [1, 2], softLimitSeconds: 1, hardLimitSeconds: 2 };

/** What a task of the fault tests asks its worker to do. */
export type FaultWork =
  | { readonly act: 'work'; readonly ms: number }
  /** Takes the worker down with it, as running out of memory does. */
  | { readonly act: 'die' }
  /** Never ends, and does not listen. */
  | { readonly act: 'hang' };
