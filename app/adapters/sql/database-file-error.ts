interface Explanation {
  readonly problem: string;
  readonly fix: string;
}

const notWritable = {
  problem: 'cannot be written',
  fix: 'Give this user write access to the file and its folder, or name another place.',
};
const noFolder = {
  problem: 'is in a folder that does not exist',
  fix: 'Create the folder, or name a file in one that exists.',
};

/** By the code of the operating system or of SQLite (https://www.sqlite.org/rescode.html), extended codes by their first part. */
const explanations: Readonly<Record<string, Explanation>> = {
  EISDIR: { problem: 'is a folder', fix: 'Name a file in it.' },
  ENOENT: noFolder,
  ENOTDIR: noFolder,
  EACCES: notWritable,
  EPERM: notWritable,
  EROFS: notWritable,
  SQLITE_READONLY: notWritable,
  SQLITE_CANTOPEN: notWritable,
  SQLITE_BUSY: { problem: 'is in use by another process', fix: 'Stop that process, or name another file.' },
  SQLITE_NOTADB: { problem: 'is not an SQLite database', fix: 'Name a new file, or one that Armature wrote.' },
  SQLITE_CORRUPT: { problem: 'is damaged', fix: 'Restore it from a copy, or move it away to begin with an empty one.' },
  SQLITE_FULL: { problem: 'does not fit on its disk', fix: 'Free some space, or name another place.' },
};

/** A database file cannot be used. */
export class DatabaseFileError extends Error {
  override readonly name = 'DatabaseFileError';
  /** What is wrong, as in "is a folder". */
  readonly problem: string;

  /** @param otherwise what to say when the cause has no code that we know */
  constructor(
    readonly path: string,
    cause: unknown,
    otherwise: Explanation = { problem: 'cannot be opened', fix: 'Name another file.' },
  ) {
    const { code, message } = detailsOf(cause);
    const { problem, fix } = explanations[/^(E[A-Z]+|SQLITE_[A-Z]+)/.exec(code)?.[0] ?? ''] ?? otherwise;
    super(`Database ${path} ${problem} (${message}). ${fix}`, { cause });
    this.problem = problem;
  }
}

/** Told by their fields: libsql's errors are not made by `Error`, and those of `node:fs` may come from another realm. */
function detailsOf(cause: unknown): { readonly code: string; readonly message: string } {
  const { code, message }: { code?: unknown; message?: unknown } =
    typeof cause === 'object' && cause !== null ? cause : {};
  return { code: String(code), message: typeof message === 'string' ? message : String(cause) };
}
