import type { Cluster } from './cluster.js';
import type { KubeObject } from './kube-object.js';

/** An `error` does not work, or is not safe; a `warning` is a risk that somebody may have taken on purpose. */
export type Severity = 'error' | 'warning';

/** What a rule has against an object. */
export interface Problem {
  readonly object: KubeObject;
  /** What is wrong, with the bad value. */
  readonly message: string;
  /** @default the rule's own */
  readonly fix?: string;
}

/** One thing that manifests are held to. */
export interface Rule {
  /** In kebab-case; where kube-linter has the rule, its name for it. */
  readonly id: string;
  readonly severity: Severity;
  /** What happens to who breaks it. */
  readonly why: string;
  /** What to do about it. */
  readonly fix: string;
  find(cluster: Cluster): readonly Problem[];
}

/** A rule that is broken. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  /** `Kind/namespace/name`, or `Kind/name` where the manifest states no namespace. */
  readonly object: string;
  readonly message: string;
  readonly fix: string;
  /** Where the manifest was read from. */
  readonly file?: string;
  /** Which construct made the object. */
  readonly constructPath?: string;
  /** Which line of code made the construct: `stacks/production.ts:12`. */
  readonly sourceLine?: string;
}
