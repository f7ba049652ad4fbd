import { dirname, resolve } from 'node:path'
import { readNetworkMap } from '../collect/netdata/folder.ts'
import type { UnixSeconds } from '../model/brand.ts'
import { buildNetworkMap } from '../netdata/networks/build.ts'
import type { NetworkMap } from '../netdata/networks/network-map.ts'
import { loadOperators } from '../netdata/operators.ts'
import type { BgpFile, CaseFile } from './case-schema.ts'
import type { RoutesRead, RoutesView } from './read-routes.ts'
import { localCollectors, readRoutes } from './read-routes.ts'

/** Peer networks without which nothing is counted: too few see too little of the world. */
export const LEAST_PEERS = 10

/** Who is who at an instant; by the rows of operators alone where no folder is named. */
async function networksAt(folder: string | null, at: UnixSeconds): Promise<NetworkMap> {
  const operators = loadOperators()
  return folder === null ? buildNetworkMap({ delegated: [], operators, at }) : readNetworkMap(folder, at, operators)
}

/**
 * Reads the routes of a case from a folder of archives.
 *
 * @param path of the case file, to which the folder of networks is relative.
 * @throws CaseError or ConfigError naming what is missing: a RIB, a whole bin, the folder.
 */
export async function readBgpFile(
  file: BgpFile,
  data: string,
  { from, until }: Pick<CaseFile, 'from' | 'until'>,
  path: string,
  progress: (done: number) => void,
): Promise<RoutesRead> {
  const networks = await networksAt(file.networks === undefined ? null : resolve(dirname(path), file.networks), from)
  return readRoutes({
    collectors: await localCollectors(data, { from, until }),
    source: file.source ?? 'bgp',
    origin: file.laboratory === true ? 'laboratory' : 'measured',
    from,
    until,
    countries: file.countries,
    networks,
    leastPeers: file.least_peers ?? LEAST_PEERS,
    silentAfter: file.silent_after_minutes === undefined ? null : file.silent_after_minutes * 60,
    progress,
  })
}

/** What was wrong with the archives, for people; one line each. */
export function warningsOf(view: RoutesView): readonly string[] {
  const failed = view.files.flatMap(({ path, failure, counts }) => [
    ...(failure === null ? [] : [`${path}: ${failure}`]),
    ...(counts.broken === 0 ? [] : [`${path}: ${counts.broken} records could not be read`]),
  ])
  const left =
    view.asesLeftOut === 0
      ? []
      : [`${view.asesLeftOut} smaller AS have no series of their own; they are counted in their country`]
  return [...failed, ...left]
}
