import { canary, services } from '../../contract/index.js';
import { idleCanaryMetrics } from '../adapters/memory/idle-canary-metrics.js';
import { MemoryReleaseStore } from '../adapters/memory/memory-release-store.js';
import { type ProcessMain, runProcess } from '../runtime/run-process.js';
import { buildCanary } from './build-canary.js';
import { dryRouter } from './traffic-router.js';

/** `armature serve canary` */
export const main: ProcessMain = (run) =>
  runProcess(canary, run, ({ settings, options, clock, timers }) => {
    if (!settings.dryRun) options.logger.warn('weights stay as they are: nothing moves them in a mesh yet');
    const router = dryRouter(options.logger);
    const store = new MemoryReleaseStore();
    const releases = [{ name: services.chat.name }];
    return buildCanary({ releases, metrics: idleCanaryMetrics, router, store, clock, timers }, options);
  });
