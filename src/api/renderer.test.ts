import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { TocsinError } from '../model/errors.ts'
import { loadRenderer } from './renderer.ts'

let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tocsin-renderer-'))
})

afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

describe('loadRenderer', () => {
  it('says what to run when the pages are not built', async () => {
    await expect(loadRenderer(folder)).rejects.toThrow(TocsinError)
    await expect(loadRenderer(folder)).rejects.toThrow(/npm run build/)
  })

  it('says what to run when the build is broken or of another version', async () => {
    await writeFile(join(folder, 'package.json'), '{"type":"module"}')
    await writeFile(join(folder, 'server.js'), 'export const draw = 1')
    await expect(loadRenderer(folder)).rejects.toThrow(/another version.*npm run build/)
    const broken = join(folder, 'broken')
    await mkdir(broken)
    await writeFile(join(broken, 'server.js'), 'import "./nothing.js"')
    await expect(loadRenderer(broken)).rejects.toThrow(/cannot be loaded.*npm run build/)
  })

  it('takes the assets whose type it knows', async () => {
    await writeFile(join(folder, 'package.json'), '{"type":"module"}')
    await writeFile(join(folder, 'server.js'), 'export const render = () => ({ html: "x" })')
    await mkdir(join(folder, 'assets'))
    await writeFile(join(folder, 'assets', 'style-1.css'), 'body{}')
    await writeFile(join(folder, 'assets', 'notes.txt'), 'no')
    const { assets } = await loadRenderer(folder)
    expect([...assets.keys()]).toEqual(['style-1.css'])
  })
})
