import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { UnixSeconds } from '../../model/brand.ts'
import type { Operator } from '../../model/routing.ts'
import { utcDate } from '../../model/time.ts'
import { buildNetworkMap, type RegisteredNetworkMap } from '../../netdata/networks/build.ts'
import { REGISTRIES, type Delegations, type Registry } from '../../netdata/networks/delegations.ts'
import { decodeDelegated } from './delegated.ts'
import { datedFiles, inOrderFor, readGzip } from './files.ts'
import { decodeOrigins, ORIGINS_STEM, type Origins } from './origins.ts'
import { readUsers, type AsUsers } from './users.ts'

/** Where network data are kept: `<data folder>/netdata`. */
export function netdataFolder(dataFolder: string): string {
  return join(dataFolder, 'netdata')
}

/** `<netdata>/delegated`, files such as `ripencc-2024-01-05.txt.gz`. */
export function delegatedFolder(folder: string): string {
  return join(folder, 'delegated')
}

/** `<netdata>/origins`, files such as `origins-2024-01-05.txt.gz`. */
export function originsFolder(folder: string): string {
  return join(folder, 'origins')
}

/** `<netdata>/users.csv`, which nobody but the operator of this observatory puts there. */
function usersFile(folder: string): string {
  return join(folder, 'users.csv')
}

interface FileRead {
  readonly delegations: Delegations | null
  /** For people: which file it is, and which ones could not be used. */
  readonly words: readonly string[]
}

/**
 * Who is who at an instant: of each registry the newest file of that day or before that can be read; where there is none
 * the oldest after it, which the map's provenance says. The same folder and instant give the same map.
 *
 * @param folder `netdataFolder(dataFolder)`; where nothing was fetched yet the map is made of operators alone.
 */
export async function readNetworkMap(
  folder: string,
  at: UnixSeconds,
  operators: readonly Operator[],
): Promise<RegisteredNetworkMap> {
  const read = await Promise.all(REGISTRIES.map((registry) => readRegistry(folder, registry, at)))
  return buildNetworkMap({
    delegated: read.flatMap(({ delegations }) => (delegations === null ? [] : [delegations])),
    operators,
    at,
    provenance: read.flatMap(({ words }) => words),
  })
}

async function readRegistry(folder: string, registry: Registry, at: UnixSeconds): Promise<FileRead> {
  const words: string[] = []
  for (const file of inOrderFor(await datedFiles(delegatedFolder(folder), registry), at)) {
    const decoded = await readGzip(file.path).then(decodeDelegated, (error: unknown) => ({
      kind: 'refused' as const,
      reason: error instanceof Error ? error.message : String(error),
    }))
    if (decoded.kind === 'refused' || decoded.delegations.registry !== registry) {
      const reason = decoded.kind === 'refused' ? decoded.reason : `it is of ${decoded.delegations.registry}`
      words.push(`${file.name} cannot be used: ${reason}`)
      continue
    }
    const { records, broken, mismatches } = decoded.report
    const lost = Object.values(broken).reduce((sum, count) => sum + count, 0)
    const remarks = [
      ...(file.date > at ? [`newer than ${utcDate(at)}: there is no older one`] : []),
      ...(lost > 0 ? [`${lost} broken lines left out`] : []),
      ...mismatches,
    ]
    words.push(
      `${file.name}: ${records} records delegated by ${registry} until ${utcDate(decoded.delegations.date)}${remarks.map((each) => `; ${each}`).join('')}`,
    )
    return { delegations: decoded.delegations, words }
  }
  return { delegations: null, words }
}

/** The snapshot of prefixes and their origins for an instant, as `readNetworkMap` chooses; `null` where there is none. */
export async function readOrigins(folder: string, at: UnixSeconds): Promise<Origins | null> {
  for (const file of inOrderFor(await datedFiles(originsFolder(folder), ORIGINS_STEM), at)) {
    const read = await readGzip(file.path).then(decodeOrigins, () => null)
    if (read !== null) return read
  }
  return null
}

/**
 * Users per AS, where the operator has put a file there; `null` where not.
 *
 * @throws ConfigError that names file and line, when the file cannot be used.
 */
export async function readUsersPerAs(folder: string, at: UnixSeconds): Promise<AsUsers | null> {
  const path = usersFile(folder)
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  return text === null ? null : readUsers(text, path, at)
}
