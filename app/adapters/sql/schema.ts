import type { TaskState, Tier } from '../../../contract/index.js';
import type { Message } from '../../conversations/conversation-store.js';
import type { CallKind, LedgerBasis } from '../../ledger/ledger.js';

/**
 * Rows as the stores see them; in the database the names are in snake case. Only text, numbers and bytes: what SQLite and PostgreSQL
 * both have (libsql ends the process when it is handed a boolean). Objects are kept as JSON text.
 */
export interface Schema {
  conversations: ConversationRow;
  messages: MessageRow;
  documents: DocumentRow;
  passages: PassageRow;
  documentVectors: DocumentVectorsRow;
  passageWords: PassageWordsRow;
  tasks: TaskRow;
  ledgerEntries: LedgerRow;
  spending: SpendingRow;
  budgetAlerts: BudgetAlertRow;
  experiments: ExperimentRow;
  experimentChanges: ExperimentChangeRow;
  outcomes: OutcomeRow;
  exposures: ExposureRow;
  observations: ObservationRow;
  apiKeys: ApiKeyRow;
}

interface SessionColumns {
  tenant: string;
  user: string;
  session: string;
}

interface ConversationRow extends SessionColumns {
  /** Sequence number of the newest message, counted from 1. */
  lastSeq: number;
  expiresAt: number;
}

interface MessageRow extends SessionColumns {
  seq: number;
  role: Message['role'];
  content: string;
  at: number;
}

export interface DocumentRow {
  tenant: string;
  id: string;
  collection: string;
  source: string;
  /** JSON. */
  metadata: string;
  contentHash: string;
  createdAt: number;
}

interface PassageRow {
  tenant: string;
  documentId: string;
  position: number;
  text: string;
  /** 32-bit floats, little endian. libsql reads bytes as an ArrayBuffer, pg as a Buffer. */
  vector: ArrayBuffer | Uint8Array;
}

/** What a passage is found by in full text. */
interface PassageWordsRow {
  tenant: string;
  documentId: string;
  position: number;
  text: string;
  /** Stems, in their order. */
  words: string;
}

/** What a vector database holds of a document. */
interface DocumentVectorsRow {
  tenant: string;
  documentId: string;
  /** As the document's. */
  collection: string;
  /** Names the points that count; any others of the document were left by a write that did not end. */
  generation: string;
  /** `null` for a document without passages. */
  dimensions: number | null;
}

interface TaskRow {
  id: string;
  state: TaskState;
  /** A `TaskRecord` as JSON. */
  record: string;
  createdAt: number;
  /** `null` until the task has ended. */
  expiresAt: number | null;
}

export interface LedgerRow {
  id: string;
  at: number;
  tenant: string;
  user: string;
  tier: Tier;
  feature: string;
  provider: string;
  model: string;
  kind: CallKind;
  basis: LedgerBasis;
  inputTokens: number;
  outputTokens: number;
  costMicroUsd: number;
  savedMicroUsd: number;
}

interface AccountColumns {
  tenant: string;
  /** Empty where `whole` is 1. */
  user: string;
  /** 1: of all the tenant's users together. */
  whole: number;
  /** A day or a month. */
  period: string;
}

/** The sum of an account's entries. */
interface SpendingRow extends AccountColumns {
  costMicroUsd: number;
}

/** A share of a limit that somebody was told of. */
interface BudgetAlertRow extends AccountColumns {
  limitMicroUsd: number;
  percent: number;
}

interface ExperimentRow {
  name: string;
  /** An `Experiment` as JSON. */
  definition: string;
}

interface ExperimentChangeRow {
  experiment: string;
  /** From 1, by experiment. */
  number: number;
  at: number;
  by: string;
  /** `Experiment`s as JSON. */
  before: string | null;
  after: string;
}

/** What was sent under an id, so that it counts once. */
interface OutcomeRow {
  experiment: string;
  /** Of the user that told it. */
  unit: string;
  /** The unit that it is of, where that is a session of the user. */
  session: string | null;
  id: string;
  metric: string;
  value: number;
  at: number;
}

interface ExposureRow {
  experiment: string;
  unit: string;
  variant: string;
  at: number;
}

/** What one unit measured of one metric: enough for its mean. */
interface ObservationRow {
  experiment: string;
  unit: string;
  metric: string;
  count: number;
  sum: number;
  /** Of values from before the unit was exposed. */
  priorCount: number;
  priorSum: number;
}

interface ApiKeyRow {
  id: string;
  /** SHA-256 of the key, in hex. */
  hash: string;
  name: string;
  tenant: string;
  user: string;
  tier: Tier;
  createdAt: number;
  /** `null` as long as the key works. */
  revokedAt: number | null;
}
