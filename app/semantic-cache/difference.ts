/** What stands between two questions. */
export interface Difference {
  readonly says: string;
  /** They cannot be the same; otherwise nothing tells that they are. */
  readonly isCertain: boolean;
}
