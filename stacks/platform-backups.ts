import type { Construct } from 'constructs';
import { backupDestination, type DataStore, type PlatformContext, StoreBackup } from '../constructs/index.js';
import { backups } from '../contract/index.js';
import type { EnvironmentConfig } from './environment-config.js';
import type { PlatformStores } from './platform-stores.js';

export interface PlatformBackupsProps {
  readonly platform: PlatformContext;
  readonly config: EnvironmentConfig;
  readonly stores: PlatformStores;
}

/** The jobs that save each store that runs here, unless its environment declined. */
export function buildBackups(scope: Construct, props: PlatformBackupsProps): readonly StoreBackup[] {
  const { platform, config, stores } = props;
  const destination = backupDestination(config.backupTarget, {
    objectStore: stores.objectStore,
    region: config.region,
  });
  return Object.values(backups).flatMap((spec) => {
    const store = Object.values<DataStore>({ ...stores }).find((one) => one.spec.name === spec.of.name);
    if (!store?.backup) return [];
    return new StoreBackup(scope, spec.name, {
      platform,
      spec,
      store,
      plan: store.backup,
      destination,
      image: config.thirdPartyImages.rclone,
    });
  });
}
