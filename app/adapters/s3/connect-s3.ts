import type { objectStoreSettings, SettingsOf } from '../../../contract/index.js';
import type { ProcessContext } from '../../runtime/run-process.js';
import { S3OriginalStore } from './s3-original-store.js';

/** Opens a process's bucket of originals. */
export function connectS3({
  settings,
  stores,
}: Pick<ProcessContext<SettingsOf<typeof objectStoreSettings>>, 'settings' | 'stores'>): Promise<S3OriginalStore> {
  const originals = new S3OriginalStore({
    endpoint: settings.s3Endpoint,
    region: settings.s3Region,
    bucket: settings.s3Bucket,
    accessKeyId: settings.s3AccessKeyId,
    secretAccessKey: settings.s3SecretAccessKey,
  });
  const connect = async () => {
    await originals.prepare();
    return originals;
  };
  return stores.open('the object store', connect, () => originals);
}
