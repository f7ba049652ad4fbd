import { resolve } from 'node:path'
import type { UnixSeconds } from '../model/brand.ts'
import { toRfc3339 } from '../model/time.ts'
import type { ParsedCase } from './case.ts'

export interface RoutesCase {
  /** Of MRT files. */
  readonly folder: string
  readonly source: 'ris' | 'routeviews' | 'bgp'
  readonly countries: readonly string[]
  readonly from: UnixSeconds
  readonly until: UnixSeconds
  /** Seconds before `from` that are counted too, so that it is known what is usual. */
  readonly history: number
  readonly networks: string | null
  readonly leastPeers: number
  readonly silentAfterMinutes: number | null
  readonly laboratory: boolean
}

/** An archive of routes as a case, as if somebody had written its file. */
export function routesCase(wanted: RoutesCase): ParsedCase {
  const folder = resolve(wanted.folder)
  const names = { ris: 'RIPE RIS', routeviews: 'RouteViews', bgp: folder }
  return {
    kind: 'case',
    path: resolve(folder, 'routes.toml'),
    file: {
      id: `routes-${wanted.countries.join('-').toLowerCase()}`,
      title: `Routes of ${wanted.countries.join(', ')}, ${toRfc3339(wanted.from)} to ${toRfc3339(wanted.until)}`,
      summary: 'Routes alone: what is announced to the world, not whether packets pass.',
      from: (wanted.from - wanted.history) as UnixSeconds,
      until: wanted.until,
      sources: [
        {
          id: wanted.source,
          name: names[wanted.source],
          licence: { class: 'unstated', name: 'not stated' },
          citation: '',
        },
      ],
      files: [
        {
          reader: 'bgp-archive',
          path: folder,
          source: wanted.source,
          countries: [...wanted.countries],
          least_peers: wanted.leastPeers,
          laboratory: wanted.laboratory,
          ...(wanted.networks === null ? {} : { networks: wanted.networks }),
          ...(wanted.silentAfterMinutes === null ? {} : { silent_after_minutes: wanted.silentAfterMinutes }),
        },
      ],
    },
  }
}
