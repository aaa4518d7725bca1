import { agent } from '../../../contract/index.js';
import { makeSandbox } from '../../adapters/sandbox/run-in-sandbox.js';
import { makeFetchPage } from '../../adapters/web/fetch-page.js';
import { type ProcessMain, runProcess } from '../../runtime/run-process.js';
import { ServiceClient } from '../../runtime/service-client.js';
import { buildAgent } from './build-agent.js';

/** `armature serve agent` */
export const main: ProcessMain = (run) =>
  runProcess(agent, run, ({ settings, options, clock }) => {
    const client = new ServiceClient({ rag: settings.ragUrl, orchestrator: settings.orchestratorUrl });
    const allowedHosts = settings.fetchAllowedHosts;
    const web = { allowedHosts, fetchPage: makeFetchPage({ allowedHosts }) };
    return buildAgent({ client, clock, runCode: makeSandbox(), web }, options);
  });
