import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ConfigProblem, oneOf, optional, port, readEnvironment, required, text, withDefault } from '#src/config.ts'

const SPEC = {
  name: required('NAME', text),
  port: optional('PORT', port),
  level: withDefault('LEVEL', oneOf(['info', 'warn']), 'info'),
}

describe('reading the environment', () => {
  test('every wrong variable is reported in the same breath', () => {
    assert.throws(
      () => readEnvironment({ PORT: '70000', LEVEL: 'loud' }, SPEC),
      (error) => {
        assert.ok(error instanceof ConfigProblem)
        assert.deepEqual(error.problems, [
          'NAME: is required',
          'PORT: `70000` is not a port number',
          'LEVEL: `loud` is not one of info, warn',
        ])
        return true
      },
    )
  })

  test('the value is frozen, and an empty variable counts as absent', () => {
    const config = readEnvironment({ NAME: 'auth', PORT: '', LEVEL: '' }, SPEC)
    assert.deepEqual(config, { name: 'auth', port: undefined, level: 'info' })
    assert.ok(Object.isFrozen(config))
  })
})
