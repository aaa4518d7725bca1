const { require: requireTypeScript } = require('tsx/cjs/api');

// The host of policy packs loads CommonJS, and TypeScript by a compiler of its own that does not know ES modules.
requireTypeScript('./index.ts', __filename);
