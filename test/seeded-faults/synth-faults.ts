import { contractFaults } from './contract-faults.js';
import { environmentFaults } from './environment-faults.js';
import { infrastructureFaults } from './infrastructure-faults.js';
import type { SynthFault } from './synth-fault.js';
import { workloadFaults } from './workload-faults.js';

/** Mistakes that synthesis refuses. */
export const synthFaults: readonly SynthFault[] = [
  ...contractFaults,
  ...workloadFaults,
  ...infrastructureFaults,
  ...environmentFaults,
];
