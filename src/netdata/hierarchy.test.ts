import { describe, expect, it } from 'vitest'
import type { EntityId } from '../model/brand.ts'
import { createHierarchy } from './hierarchy.ts'

const id = (text: string): EntityId => text as EntityId
const place = (entity: string, parent: string | null = null) => ({
  entity: id(entity),
  name: 'x',
  parent: parent === null ? null : id(parent),
  timeZone: null,
  knownChildren: null,
})

/** From the entity up to the top. */
function line(entity: string, hierarchy = createHierarchy([])): readonly string[] {
  const parent = hierarchy.parent(id(entity))
  return parent === null ? [entity] : [entity, ...line(parent, hierarchy)]
}

describe('createHierarchy', () => {
  it.each([
    [['place:IR-23.tehran', 'region:IR-23', 'country:IR', 'world']],
    [['region:GB-KEN', 'region:GB-ENG', 'country:GB', 'world']],
    [['as:29355', 'operator:KZ.kcell', 'access:KZ.mobile', 'country:KZ', 'world']],
    [['operator:KZ.kazrena', 'country:KZ', 'world']],
    [['operator:KZ.nobody-knows', 'country:KZ', 'world']],
    [['access:KZ.mobile', 'country:KZ', 'world']],
    [['country:XK', 'world']],
    [['as:64511']],
    [['country:ZZ']],
    [['region:KZ-99']],
  ])('leads up: %j', (expected) => {
    expect(line(expected[0] ?? '')).toEqual(expected)
  })

  it('puts an AS under the operator that someone named', () => {
    const hierarchy = createHierarchy([place('as:64511', 'operator:KZ.kcell'), place('as:29355', 'operator:KZ.other')])
    expect(line('as:64511', hierarchy).slice(0, 2)).toEqual(['as:64511', 'operator:KZ.kcell'])
    expect(line('as:29355', hierarchy)).toEqual(['as:29355', 'operator:KZ.other', 'country:KZ', 'world'])
  })

  it('counts what exists, not what is watched', () => {
    const hierarchy = createHierarchy([place('place:IR-23.tehran'), place('place:IR-23.tehran')])
    expect(hierarchy.knownChildren(id('country:IR'))).toBe(31)
    expect(hierarchy.knownChildren(id('world'))).toBe(250)
    expect(hierarchy.children(id('region:IR-23'))).toEqual(['place:IR-23.tehran'])
    expect(hierarchy.knownChildren(id('region:IR-23'))).toBe(1)
    expect(hierarchy.knownChildren(id('place:IR-23.tehran'))).toBe(0)
  })

  it('takes the larger of the children declared and listed', () => {
    const declared = { ...place('region:US-LA'), knownChildren: 64 }
    const hierarchy = createHierarchy([declared, place('place:US-LA.calcasieu'), place('place:US-LA.orleans')])
    expect(hierarchy.knownChildren(id('region:US-LA'))).toBe(64)
    const tooFew = createHierarchy([{ ...declared, knownChildren: 1 }, place('place:US-LA.a'), place('place:US-LA.b')])
    expect(tooFew.knownChildren(id('region:US-LA'))).toBe(2)
  })

  it('counts first-level regions only, and no groupings', () => {
    const hierarchy = createHierarchy([])
    expect(hierarchy.children(id('country:GB'))).toHaveLength(4)
    expect(hierarchy.knownChildren(id('region:GB-SCT'))).toBe(32)
    expect(hierarchy.children(id('country:KZ'))).toHaveLength(20)
  })

  it('keeps operators out of the line of places', () => {
    const hierarchy = createHierarchy([place('operator:KZ.kcell')])
    expect(hierarchy.knownChildren(id('country:KZ'))).toBe(20)
  })
})
