import type { Construct } from 'constructs';
import type { SettingsShape } from '../../contract/vocabulary/index.js';
import { LlmWorkload, type LlmWorkloadProps } from './llm-workload.js';

/**
 * A process that nobody calls: it takes its work from a queue or watches something. As {@link LlmService}, without a Service; its port
 * serves probes and metrics.
 */
export class LlmWorker<S extends SettingsShape = SettingsShape> extends LlmWorkload<S> {
  constructor(scope: Construct, id: string, props: LlmWorkloadProps<S>) {
    super(scope, id, props);
  }
}
