import base from './knip.json' with { type: 'json' }

const face = { includeEntryExports: true }

/**
 * What the processes use, without their tests: an export nothing but a test needs is dead weight.
 *
 * A library's whole face counts here, and what a test asks of a file may be exported where the file needs it itself.
 */
export default {
  ...base,
  ignoreExportsUsedInFile: true,
  workspaces: {
    ...base.workspaces,
    'packages/smart-core': { ...base.workspaces['packages/smart-core'], ...face },
    'packages/server-kit': { ...base.workspaces['packages/server-kit'], ...face },
    'packages/audit': { ...base.workspaces['packages/audit'], ...face },
    // Its corpus and its contract are there for the tests of others.
    'packages/policy': { ...base.workspaces['packages/policy'], ...face, ignore: ['test/**'] },
    'packages/storage': { ...base.workspaces['packages/storage'], ...face },
  },
}
