import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { loadOperators } from '../src/netdata/operators.ts'
import { describeShared, shared } from './shared.ts'

const FILE = 'reference/as-org2info.txt.gz'

interface Registration {
  readonly organisation: string
  readonly country: string
}

/** AS → whom it is registered to, of a file of two sections: organisations, then AS. */
function registrations(): ReadonlyMap<number, Registration> {
  const organisations = new Map<string, Registration>()
  const found = new Map<number, Registration>()
  let section = ''
  for (const line of gunzipSync(readFileSync(shared(FILE)))
    .toString('utf8')
    .split('\n')) {
    if (line.startsWith('# format:')) section = line
    if (line.startsWith('#') || line === '') continue
    const fields = line.split('|')
    if (section.startsWith('# format:org_id')) {
      const [id = '', , organisation = '', country = ''] = fields
      organisations.set(id, { organisation, country })
    } else {
      const registration = organisations.get(fields[3] ?? '')
      if (registration !== undefined) found.set(Number(fields[0]), registration)
    }
  }
  return found
}

describeShared([FILE], 'every AS of data/operators', () => {
  it('is registered to the organisation that its row names, in the row’s country, or from a source of its own', () => {
    const known = registrations()
    expect(known.size).toBeGreaterThan(90_000)
    const wrong: string[] = []
    for (const { entity, country, asns, registrants, elsewhere } of loadOperators()) {
      for (const asn of asns) {
        if (elsewhere.has(asn)) continue
        const registration = known.get(asn)
        if (registration === undefined) wrong.push(`${entity}: AS${asn} is registered to nobody`)
        else if (!registrants.includes(registration.organisation))
          wrong.push(`${entity}: AS${asn} is registered to ${registration.organisation}`)
        else if (registration.country !== country)
          wrong.push(`${entity}: AS${asn} is registered in ${registration.country}`)
      }
    }
    expect(wrong).toEqual([])
  })

  it('has a note where a source of its own says another country than the registries', () => {
    const known = registrations()
    const silent = loadOperators().flatMap(({ entity, country, elsewhere, note }) =>
      [...elsewhere.keys()]
        .filter((asn) => note === null && (known.get(asn)?.country ?? country) !== country)
        .map((asn) => `${entity}: AS${asn} is registered in ${known.get(asn)?.country ?? ''}`),
    )
    expect(silent).toEqual([])
  })

  it('is worth an organisation: no row names one that none of its AS is registered to', () => {
    const known = registrations()
    const idle = loadOperators().flatMap(({ entity, asns, registrants, elsewhere }) =>
      // Who is known from elsewhere alone is named as that source names it.
      (asns.every((asn) => elsewhere.has(asn)) ? [] : registrants)
        .filter((name) => !asns.some((asn) => known.get(asn)?.organisation === name))
        .map((name) => `${entity}: ${name}`),
    )
    expect(idle).toEqual([])
  })
})
