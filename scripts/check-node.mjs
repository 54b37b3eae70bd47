// Plain JavaScript on purpose: it must run, and explain itself, on whatever Node the machine has.
const major = Number(process.versions.node.split('.')[0])
if (major < 24) {
  process.stderr.write(
    `uthopp needs Node 24 and brings it along: this is ${process.versions.node}. ` +
      'Run `npm ci` (without --ignore-scripts), then `npm start` or `npm test`.\n',
  )
  process.exit(1)
}
