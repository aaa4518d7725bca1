/** Linters that look at each manifest by itself. */
export const LINTERS = ['kubeconform', 'kube-score', 'checkov'] as const;
export type Linter = (typeof LINTERS)[number];

/** A mistake in what is applied, wherever it comes from: what `armature check` refuses. It is made in staging. */
export interface CheckFault {
  readonly fault: string;
  /** The rule that finds it. */
  readonly rule: string;
  /** `Kind/name` of the object that is changed. */
  readonly in: string;
  /** Values by their place (`spec/ports/0/port`); `undefined` takes one away. */
  readonly set?: Readonly<Record<string, unknown>>;
  /** The object is left out. */
  readonly removed?: true;
  /** A copy of the object with another name is added, and the changes are made to it. */
  readonly copiedAs?: string;
  /** `Kind/name` of the object that the finding names. @default the changed one */
  readonly names?: string;
  /** What the message says beside the fix: the bad value. */
  readonly says: string;
  /** Linters that find it too; the others let it through. */
  readonly foundBy: readonly Linter[];
}
