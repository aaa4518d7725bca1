import { type CreateTableBuilder, type Kysely, PostgresAdapter, sql } from 'kysely';

/**
 * Types that SQLite and PostgreSQL read alike: SQLite takes `bigint` for an integer and `double precision` for a real, and keeps
 * bytes in any column.
 */
type ColumnType = 'text' | 'integer' | 'bigint' | 'double precision' | 'bytea';

interface TableProps {
  readonly columns: Readonly<Record<string, ColumnType>>;
  /** Columns that may be null. @default none */
  readonly nullable?: Readonly<Record<string, ColumnType>>;
  readonly primaryKey: readonly string[];
  /** Rows go with the row of this table that the columns name; there they are its primary key. @default none */
  readonly partOf?: { readonly table: string; readonly columns: readonly string[]; readonly key: readonly string[] };
  /** Columns that no two rows have alike, by what they are. @default none */
  readonly uniques?: Readonly<Record<string, readonly string[]>>;
  /** Columns of further indexes, by what they are for. @default none */
  readonly indexes?: Readonly<Record<string, readonly string[]>>;
}

/** Creates a table of a migration, with its indexes. */
export async function createTable(db: Kysely<unknown>, name: string, props: TableProps): Promise<void> {
  const typeOf = typesOf(db);
  let table: CreateTableBuilder<string, string> = db.schema.createTable(name);
  for (const [column, type] of Object.entries(props.columns))
    table = table.addColumn(column, typeOf(type), (one) => one.notNull());
  for (const [column, type] of Object.entries(props.nullable ?? {})) table = table.addColumn(column, typeOf(type));
  table = table.addPrimaryKeyConstraint(`${name}_pk`, [...props.primaryKey]);
  if (props.partOf !== undefined) {
    const { table: whole, columns, key } = props.partOf;
    table = table.addForeignKeyConstraint(`${name}_${whole}`, [...columns], whole, [...key], (one) =>
      one.onDelete('cascade'),
    );
  }
  for (const [what, columns] of Object.entries(props.uniques ?? {}))
    table = table.addUniqueConstraint(`${name}_${what}`, [...columns]);
  await table.execute();
  for (const [purpose, columns] of Object.entries(props.indexes ?? {})) {
    await db.schema
      .createIndex(`${name}_${purpose}`)
      .on(name)
      .columns<string>([...columns])
      .execute();
  }
}

/** Adds columns to a table that has rows already, each with the value that those get. */
export async function addColumns(
  db: Kysely<unknown>,
  table: string,
  added: {
    readonly text: Readonly<Record<string, string>>;
    readonly bigint: Readonly<Record<string, number>>;
  },
): Promise<void> {
  const typeOf = typesOf(db);
  for (const type of ['text', 'bigint'] as const) {
    for (const [column, value] of Object.entries(added[type])) {
      await db.schema
        .alterTable(table)
        .addColumn(column, typeOf(type), (one) => one.notNull().defaultTo(value))
        .execute();
    }
  }
}

/** SQLite orders text by its bytes; PostgreSQL does so where a column says it, whatever the language of its database. */
function typesOf(db: Kysely<unknown>) {
  const bytewise = db.getExecutor().adapter instanceof PostgresAdapter;
  return (type: ColumnType) => (bytewise && type === 'text' ? sql`text collate "C"` : type);
}
