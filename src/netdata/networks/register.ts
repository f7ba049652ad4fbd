import { isCountryCode } from '../iso.ts'
import { unpackCountry } from './country-code.ts'
import type { DelegationColumns, Delegations, Registry } from './delegations.ts'
import { isDelegated } from './delegations.ts'
import { OFFSHORE } from './places.ts'
import { maskOf } from './prefix-columns.ts'
import { buildSpaceMap, type SpaceMap } from './space-map.ts'

/** What all registries together have delegated of one kind of number. */
export interface Register {
  readonly map: SpaceMap
  /** By row: country as the registry writes it, packed; 0 for none. */
  readonly country: Uint16Array
  /** By row: what it counts for, read by `placeOf`. */
  readonly place: Uint32Array
  /** By row: which of the files. */
  readonly file: Uint8Array
  /** By row: place in that file's `holders`. */
  readonly holder: Uint32Array
  readonly registries: readonly Registry[]
  readonly holders: readonly (readonly string[])[]
}

const OFFSHORE_FLAG = 0x1_0000
const HOME_FLAG = 0x2_0000
/** For `placeOf`: an offshore registration counts wherever it says. */
export const ANYWHERE = 0xffff

/**
 * Country that a registration counts for, packed; 0 for none.
 *
 * @param own country in which the AS itself is registered offshore, packed: only there an offshore registration counts,
 *            and only one by the registry that serves that country. 0: nowhere; ANYWHERE: wherever it says.
 */
export function placeOf(place: number, own: number): number {
  const code = place & 0xffff
  if (place < OFFSHORE_FLAG || own === ANYWHERE) return code
  return own === code && (place & HOME_FLAG) !== 0 ? code : 0
}

function packPlace(code: number, registry: Registry): number {
  const country = unpackCountry(code)
  if (country === null || !isCountryCode(country)) return 0
  const offshore = OFFSHORE[country]
  if (offshore === undefined) return code
  return code | OFFSHORE_FLAG | (offshore.registry === registry ? HOME_FLAG : 0)
}

type Positions = (file: Delegations, row: number, into: Uint32Array) => void

/** @param positions writes first and last position of a row, four words. */
function collect(
  files: readonly Delegations[],
  columnsOf: (file: Delegations) => DelegationColumns,
  positions: Positions,
): Register {
  let room = 0
  for (const file of files) room += columnsOf(file).count
  const start0 = new Uint32Array(room)
  const start1 = new Uint32Array(room)
  const last0 = new Uint32Array(room)
  const last1 = new Uint32Array(room)
  const rank = new Uint32Array(room)
  const country = new Uint16Array(room)
  const place = new Uint32Array(room)
  const fileOf = new Uint8Array(room)
  const holder = new Uint32Array(room)
  const words = new Uint32Array(4)
  let count = 0
  for (const [number, file] of files.entries()) {
    const columns = columnsOf(file)
    const places = new Map<number, number>()
    for (let row = 0; row < columns.count; row += 1) {
      if (!isDelegated(columns.status[row]!)) continue
      positions(file, row, words)
      start0[count] = words[0]!
      start1[count] = words[1]!
      last0[count] = words[2]!
      last1[count] = words[3]!
      rank[count] = columns.date[row]!
      const code = columns.country[row]!
      let packed = places.get(code)
      if (packed === undefined) {
        packed = packPlace(code, file.registry)
        places.set(code, packed)
      }
      country[count] = code
      place[count] = packed
      fileOf[count] = number
      holder[count] = columns.holder[row]!
      count += 1
    }
  }
  return {
    map: buildSpaceMap({ count, start0, start1, last0, last1, rank }),
    country,
    place,
    file: fileOf,
    holder,
    registries: files.map(({ registry }) => registry),
    holders: files.map(({ holders }) => holders),
  }
}

/** AS numbers in the first word of a position. */
export function collectAsns(files: readonly Delegations[]): Register {
  return collect(
    files,
    ({ asns }) => asns,
    rangeOf(({ asns }) => asns),
  )
}

export function collectIpv4(files: readonly Delegations[]): Register {
  return collect(
    files,
    ({ ipv4 }) => ipv4,
    rangeOf(({ ipv4 }) => ipv4),
  )
}

/** IPv6 in units of /64. */
export function collectIpv6(files: readonly Delegations[]): Register {
  return collect(
    files,
    ({ ipv6 }) => ipv6,
    ({ ipv6 }, row, into) => {
      const length = ipv6.length[row]!
      into[0] = ipv6.word0[row]!
      into[1] = ipv6.word1[row]!
      into[2] = into[0] | ~maskOf(length)
      into[3] = into[1] | ~maskOf(length - 32)
    },
  )
}

function rangeOf(columnsOf: (file: Delegations) => Delegations['asns']): Positions {
  return (file, row, into) => {
    const { first, last } = columnsOf(file)
    into[0] = first[row]!
    into[1] = 0
    into[2] = last[row]!
    into[3] = 0xffff_ffff
  }
}
