import { agent } from '../../../contract/index.js';
import { type ProcessMain, runProcess } from '../../runtime/run-process.js';
import { ServiceClient } from '../../runtime/service-client.js';
import { buildAgent } from './build-agent.js';

/** `armature serve agent` */
export const main: ProcessMain = (run) =>
  runProcess(agent, run, ({ settings, options, clock }) => {
    const client = new ServiceClient({ rag: settings.ragUrl, orchestrator: settings.orchestratorUrl });
    return buildAgent({ client, clock }, options);
  });
