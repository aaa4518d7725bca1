export { type BackupChoice, Backups, backupChoice, type DailyBackups } from './backup-choice.js';
export type { BackupPlan, BackupStep } from './backup-plan.js';
export {
  type BackupDestination,
  BackupTarget,
  type BackupTargetChoice,
  backupDestination,
  backupTarget,
} from './backup-target.js';
export { StoreBackup, type StoreBackupProps } from './store-backup.js';
