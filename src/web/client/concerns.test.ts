import { describe, expect, it } from 'vitest'
import type { Page } from '../../model/page.ts'
import { concerns } from './concerns.ts'

const page = (kind: Page['kind'], entity: string): Page =>
  ({ kind, entity: { id: entity }, incident: { id: 'KZ-2022-01-05-a', entity } }) as unknown as Page
const of = (entity: string, incident = 'XX'): { entity: string; incident: string } => ({ entity, incident })

describe('concerns', () => {
  it.each([
    ['the world', page('world', ''), of('country:KZ'), true],
    ['its own country', page('entity', 'country:KZ'), of('country:KZ'), true],
    ['a region of it', page('entity', 'country:KZ'), of('region:KZ-75'), true],
    ['the country of it', page('entity', 'region:KZ-75'), of('country:KZ'), true],
    ['a network, whose country nobody can tell', page('entity', 'country:KZ'), of('as:9198'), true],
    ['another country', page('entity', 'country:KZ'), of('region:IR-06'), false],
    ['its own incident', page('incident', 'country:KZ'), of('country:IR', 'KZ-2022-01-05-a'), true],
    ['another incident of the country', page('incident', 'country:KZ'), of('place:KZ-75.almaty'), true],
    ['another incident elsewhere', page('incident', 'country:KZ'), of('country:IR'), false],
    ['sources, that incidents do not change', page('sources', ''), of('country:KZ'), false],
    ['the method', page('method', ''), of('country:KZ'), false],
  ])('%s', (_, shown, revision, expected) => {
    expect(concerns(shown, revision)).toBe(expected)
  })
})
