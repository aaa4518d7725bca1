/** Which of several controllers acts. */
export interface Leadership {
  /** Whether this one may act now. */
  isLeader(): boolean;
  /** Seeks to lead from now on; the function that it returns gives it up. */
  seek(): () => Promise<void>;
}

/** The only controller there is. */
export const soleLeader: Leadership = { isLeader: () => true, seek: () => async () => undefined };
