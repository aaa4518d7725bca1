/** One turn of a conversation. */
export interface Message {
  readonly role: 'user' | 'assistant' | 'system';
  readonly content: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Conversations by tenant, user and session: the newest 50 messages of each, for 30 days after the last. */
export interface ConversationStore {
  append(key: ConversationKey, messages: readonly Message[]): Promise<void>;
  /** The newest `limit` messages in conversation order, oldest first; empty for an unknown session. */
  read(key: ConversationKey, limit: number): Promise<readonly Message[]>;
  /** Forgets a session. @returns whether there was one */
  delete(key: ConversationKey): Promise<boolean>;
  /** Forgets every session of a user. @returns how many there were */
  deleteAll(owner: Omit<ConversationKey, 'session'>): Promise<number>;
}

export interface ConversationKey {
  readonly tenant: string;
  readonly user: string;
  readonly session: string;
}
