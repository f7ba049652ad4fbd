import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readEntities } from './entities.ts'

const body = (data: unknown): Uint8Array => Buffer.from(JSON.stringify({ type: 'entities.lookup', error: null, data }))
const of = (type: string, code: string, name: string): unknown => ({ code, name, type, attrs: {} })

describe("IODA's regions and AS", () => {
  it('become regions of ISO 3166-2 by their names, and who has no place there is told', () => {
    const data = [
      of('region', '1675', 'Almaty Oblast'),
      of('region', '1676', 'Nowhere'),
      of('country', 'KZ', 'Kazakhstan'),
    ]
    expect(readEntities(body(data), 'region', 'KZ')).toEqual({
      kind: 'entities',
      entities: [{ code: '1675', entity: 'region:KZ-19' }],
      unmapped: ['Nowhere'],
    })
  })

  it('never become one region twice', () => {
    const data = [of('region', '1', 'Minsk Oblast'), of('region', '2', 'Minsk Region')]
    const list = readEntities(body(data), 'region', 'BY')
    expect(list.kind === 'entities' && [list.entities.length, list.unmapped.length]).toEqual([1, 1])
  })

  it('become AS by their numbers, in the order of the upstream', () => {
    const data = [of('asn', '9198', 'AS9198 (KAZTELECOM-AS)'), of('asn', '21299', 'Kar-Tel'), of('asn', 'x', 'none')]
    expect(readEntities(body(data), 'asn', 'KZ')).toEqual({
      kind: 'entities',
      entities: [
        { code: '9198', entity: 'as:9198' },
        { code: '21299', entity: 'as:21299' },
      ],
      unmapped: ['none'],
    })
  })

  it('are unreadable in another shape, and nothing makes reading throw', () => {
    expect(readEntities(body({ KZ: 1 }), 'region', 'KZ').kind).toBe('unreadable')
    expect(readEntities(body([{ code: 1 }]), 'asn', 'KZ').kind).toBe('unreadable')
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue().map(body), fc.uint8Array()), (bytes) => {
        readEntities(bytes, 'region', 'KZ')
        readEntities(bytes, 'asn', 'KZ')
      }),
    )
  })
})
