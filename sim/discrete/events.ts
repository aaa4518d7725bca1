/** Kinds of events. */
export const ARRIVAL = 0;
export const WORK_DONE = 1;
export const STEP_DONE = 2;
export const COME_AGAIN = 3;
export const CLUSTER = 4;
