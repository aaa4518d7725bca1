import type { QdrantClient } from '@qdrant/js-client-rest';
import type { qdrantSettings, SettingsOf } from '../../../contract/index.js';
import type { ProcessContext } from '../../runtime/run-process.js';
import { checkQdrant, openQdrant } from './open-qdrant.js';

/** Opens a process's Qdrant. */
export function connectQdrant({
  settings,
  stores,
}: Pick<ProcessContext<SettingsOf<typeof qdrantSettings>>, 'settings' | 'stores'>): Promise<QdrantClient> {
  const connect = async () => {
    const client = openQdrant({ url: settings.qdrantUrl, apiKey: settings.qdrantApiKey });
    await checkQdrant(client);
    return client;
  };
  return stores.open('Qdrant', connect, (client) => ({ check: () => checkQdrant(client), close: async () => {} }));
}
