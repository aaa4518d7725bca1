/** Milliseconds since the epoch. Given as an argument wherever a decision depends on time. */
export type Clock = () => number;
