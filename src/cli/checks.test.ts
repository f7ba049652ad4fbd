import { describe, expect, it } from 'vitest'
import { checkBuild, checkNode } from './checks.ts'

describe('the check of Node', () => {
  it.each(['18.20.0', '20.18.3', '19.9.0'])('finds %s too old, and says what to install', (version) => {
    expect(checkNode(version)).toMatchObject({ status: 'problem', mend: 'install Node 20.19 or later' })
  })

  it.each(['20.19.0', '22.1.0', '24.0.0'])('finds %s well', (version) => {
    expect(checkNode(version)).toMatchObject({ status: 'ok', mend: null })
  })
})

describe('the check of the build', () => {
  it('names the file that is missing and the command that makes it', async () => {
    const check = await checkBuild('/nowhere/dist/web')
    expect(check).toMatchObject({ status: 'problem', mend: 'run npm run build' })
    expect(check.found).toContain('/nowhere/dist/web/server.js is missing')
  })
})
