/** What the verdict asks Prometheus. The contract has it, for the dashboard shows the very same. */
export { baselineQueries, sampleQueries, slowAboveSeconds } from '../../contract/index.js';
