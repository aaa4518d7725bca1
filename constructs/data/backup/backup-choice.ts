import * as z from 'zod';

const daily = z.strictObject({
  kind: z.literal('daily'),
  /** Time of day, UTC. */
  at: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day in UTC, such as 02:30'),
  /** Older backups are removed, and only after a new one has been written. */
  keepDays: z.int().min(1).max(3650),
});
const none = z.strictObject({ kind: z.literal('none'), why: z.string().min(1, 'must say why there are no backups') });

/** Whether a store's data is copied to where backups are kept. */
export const backupChoice = z.discriminatedUnion('kind', [daily, none]);
export type BackupChoice = Readonly<z.infer<typeof backupChoice>>;
export type DailyBackups = Extract<BackupChoice, { kind: 'daily' }>;

/** The two answers. There is no default: a store without backups is found out too late. */
export const Backups = {
  /** Once a day, at a time when little else runs. An alert tells when one fails, and when none has succeeded for a day. */
  daily(props: Omit<DailyBackups, 'kind'>): DailyBackups {
    return { kind: 'daily', ...props };
  },

  /** No backups, and why. */
  none(why: string): BackupChoice {
    return { kind: 'none', why };
  },
};

/** When the backup begins, as a CronJob writes it. */
export function cronSchedule({ at }: DailyBackups): string {
  const [hour, minute] = at.split(':').map(Number);
  return `${minute} ${hour} * * *`;
}
