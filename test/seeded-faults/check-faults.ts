import type { CheckFault } from './check-fault.js';
import { fieldFaults } from './field-faults.js';
import { podFaults } from './pod-faults.js';
import { referenceFaults } from './reference-faults.js';
import { scalingFaults } from './scaling-faults.js';
import { trafficFaults } from './traffic-faults.js';

/** Mistakes in what is applied. */
export const checkFaults: readonly CheckFault[] = [
  ...referenceFaults,
  ...scalingFaults,
  ...trafficFaults,
  ...podFaults,
  ...fieldFaults,
];
