import {
  buildApplication,
  buildCommand,
  buildRouteMap,
  help,
  text_en as texts,
  version,
  type Application,
} from '@stricli/core'
import { TocsinError, UsageError } from '../model/errors.ts'
import type { CliContext } from './context.ts'
import type { MrtFlags } from './mrt-dump.ts'

const json = { kind: 'boolean', brief: 'One JSON object on standard output', default: false } as const
const text = (brief: string, placeholder: string) =>
  ({ kind: 'parsed', parse: String, optional: true, brief, placeholder }) as const
const needed = (brief: string, placeholder: string) => ({ kind: 'parsed', parse: String, brief, placeholder }) as const
const whole = (brief: string, least: number) =>
  ({ kind: 'parsed', parse: wholeFrom(least), optional: true, brief, placeholder: 'number' }) as const
const config = text('Settings in TOML; left out: tocsin.toml in this folder, if it is there', 'file')
const folder = text('Data folder', 'path')
const host = text('Address to listen on', 'address')
const replay = text('Of this replay instead of the data folder', 'case-id')
const instantHint = 'RFC 3339, such as 2026-01-08T16:30:00Z'
const port = {
  kind: 'parsed',
  parse: parsePort,
  optional: true,
  brief: 'Port to listen on; 0: any free one',
  placeholder: 'number',
} as const
const pathOf = (brief: string, placeholder: string) =>
  ({ kind: 'tuple', parameters: [{ brief, parse: String, placeholder }] }) as const
const archivePath = pathOf('Archive, such as updates.20220105.1045.gz', 'file')
const mrtFlags = (brief: string) => ({
  json: { ...json, brief },
  keepBroken: text('Put broken records into this file, and why they are beside it', 'file'),
})
const casePath = pathOf('Case file, such as fixtures/cases/iran-2026.toml', 'case')
const collect = {
  kind: 'boolean',
  optional: true,
  brief: 'Ask the sources for data; otherwise pages show what the folder holds',
} as const

function parsePort(given: string): number {
  const number = Number(given)
  if (!/^\d+$/.test(given) || number > 65_535)
    throw new UsageError(`"${given}" is no port: a whole number from 0 to 65535`)
  return number
}

function wholeFrom(least: number): (given: string) => number {
  return (given) => {
    const number = Number(given)
    if (!/^\d+$/.test(given) || number < least) throw new UsageError(`"${given}" is no whole number from ${least} up`)
    return number
  }
}

function parseNumber(given: string): number {
  if (!/^\d+$/.test(given)) throw new UsageError(`"${given}" is no number of a series; tocsin series lists them`)
  return Number(given)
}

const routes = buildRouteMap({
  docs: { brief: 'An open, self-hosted observatory of Internet shutdowns' },
  routes: {
    serve: buildCommand<
      { config?: string; folder?: string; host?: string; port?: number; collect?: boolean; json: boolean },
      [],
      CliContext
    >({
      docs: { brief: 'Collect, judge, and serve pages and interface' },
      parameters: { flags: { config, folder, host, port, collect, json } },
      loader: async () => (await import('./serve.ts')).serveCommand,
    }),
    sources: buildCommand<{ config?: string; folder?: string; json: boolean }, [], CliContext>({
      docs: { brief: 'Say what is asked of whom, and how it stands' },
      parameters: { flags: { config, folder, json } },
      loader: async () => (await import('./sources.ts')).sourcesCommand,
    }),
    backup: buildCommand<{ config?: string; folder?: string; json: boolean }, [string], CliContext>({
      docs: { brief: 'Copy the data folder, also while the observatory runs' },
      parameters: { flags: { config, folder, json }, positional: pathOf('New or empty folder for the copy', 'target') },
      loader: async () => (await import('./backup.ts')).backupCommand,
    }),
    restore: buildCommand<{ config?: string; folder?: string; json: boolean }, [string], CliContext>({
      docs: { brief: 'Make an empty data folder of a back-up' },
      parameters: { flags: { config, folder, json }, positional: pathOf('Folder of a back-up', 'backup') },
      loader: async () => (await import('./backup.ts')).restoreCommand,
    }),
    replay: buildCommand<{ json: boolean; fast: boolean; asOf?: string }, [string], CliContext>({
      docs: { brief: 'Run a case through today’s code and say what it finds' },
      parameters: {
        flags: {
          json,
          fast: {
            kind: 'boolean',
            brief: 'In one go: the same incidents, without the revisions in between',
            default: false,
          },
          asOf: text(`Only what had arrived by then; ${instantHint}`, 'instant'),
        },
        positional: casePath,
      },
      loader: async () => (await import('./replay.ts')).replayCommand,
    }),
    mrt: buildRouteMap({
      docs: { brief: 'Look into one BGP archive (MRT; packed with gzip, bzip2 or not at all)' },
      routes: {
        dump: buildCommand<MrtFlags, [string], CliContext>({
          docs: { brief: 'Print its routes, as bgpdump -m does; with --json all that was decoded, a line each record' },
          parameters: { flags: mrtFlags('JSON lines: all that was decoded'), positional: archivePath },
          loader: async () => (await import('./mrt-dump.ts')).mrtDumpCommand,
        }),
        stats: buildCommand<MrtFlags, [string], CliContext>({
          docs: { brief: 'Count what is in it: records by type, routes, sessions, what is broken' },
          parameters: { flags: mrtFlags(json.brief), positional: archivePath },
          loader: async () => (await import('./mrt-stats.ts')).mrtStatsCommand,
        }),
      },
    }),
    bgp: buildRouteMap({
      docs: { brief: 'Count routes of BGP archives' },
      routes: {
        count: buildCommand<
          {
            entity?: string
            country?: string
            bin?: string
            leastPeers?: number
            silentAfter?: number
            netdata?: string
            top?: number
            csv: boolean
            json: boolean
          },
          string[],
          CliContext
        >({
          docs: { brief: 'Count visible address space, updates and withdrawals in files, by country, operator and AS' },
          parameters: {
            flags: {
              entity: text('Only these, such as country:KZ,as:9198', 'ids'),
              country: text('Only these countries, and what is within them', 'codes'),
              bin: text('Only the five minutes that begin then, such as 2022-01-05T10:45:00Z', 'instant'),
              leastPeers: whole('Peer networks that must vote; 10 unless given', 1),
              silentAfter: whole('Minutes without a message after which a peer does not vote; 60 unless given', 1),
              netdata: text('Folder of files of the registries, as tocsin netdata update keeps them', 'folder'),
              top: whole('Lines of the table of the newest bin; 30 unless given', 1),
              csv: { kind: 'boolean', brief: 'CSV of all bins', default: false },
              json: { kind: 'boolean', brief: 'JSON lines of all bins', default: false },
            },
            positional: {
              kind: 'array',
              parameter: {
                brief: 'RIBs and updates (MRT), of one or several collectors',
                parse: String,
                placeholder: 'file',
              },
            },
          },
          loader: async () => (await import('./bgp-count.ts')).bgpCountCommand,
        }),
        replay: buildCommand<
          {
            country: string
            from: string
            until: string
            archive?: string
            collectors?: string
            url?: string
            cacheGb?: number
            config?: string
            folder?: string
            source?: string
            netdata?: string
            leastPeers?: number
            historyHours?: number
            silentAfter?: number
            laboratory: boolean
            json: boolean
          },
          [],
          CliContext
        >({
          docs: { brief: 'Run archives of routes through today’s code and say what it finds' },
          parameters: {
            flags: {
              country: needed('Codes of ISO 3166-1, with commas between', 'codes'),
              from: needed(`From this instant; ${instantHint}`, 'instant'),
              until: needed('Until this instant', 'instant'),
              archive: text(
                'Folder of MRT files that are here: as RIS or RouteViews lay them out, or any with dates in the names',
                'folder',
              ),
              collectors: text('Collectors whose archives are fetched, with commas between, such as rrc00', 'names'),
              url: text('Base address of the archive; left out: that of --source', 'address'),
              cacheGb: whole('Gigabytes that fetched files may take in the data folder; 20 unless given', 1),
              config,
              folder,
              source: text('Whose archive it is: ris, routeviews, or bgp where nobody’s is', 'id'),
              netdata: text('Folder of files of the registries, as tocsin netdata update keeps them', 'folder'),
              leastPeers: whole('Peer networks that must vote; 10 unless given, 2 in a laboratory', 1),
              historyHours: whole('Hours before that are counted to know what is usual; 25 unless given', 0),
              silentAfter: whole('Minutes without a message after which a peer does not vote; 60 unless given', 1),
              laboratory: { kind: 'boolean', brief: 'Nobody in the world announced these routes', default: false },
              json,
            },
          },
          loader: async () => (await import('./bgp-replay.ts')).bgpReplayCommand,
        }),
      },
    }),
    netdata: buildRouteMap({
      docs: { brief: 'Say who runs which network, and where it is registered' },
      routes: {
        update: buildCommand<{ config?: string; folder?: string; rib?: string; json: boolean }, [], CliContext>({
          docs: { brief: 'Fetch what the regional registries have delegated by today' },
          parameters: {
            flags: {
              config,
              folder,
              rib: text('Also keep who originates what, of this dump of a routing table (MRT)', 'file'),
              json,
            },
          },
          loader: async () => (await import('./netdata-update.ts')).netdataUpdateCommand,
        }),
        show: buildCommand<{ config?: string; folder?: string; at?: string; json: boolean }, [string], CliContext>({
          docs: { brief: 'Say what is known of an AS, a prefix or address, an operator or a country' },
          parameters: {
            flags: { config, folder, at: text('As known on this day; left out: today', 'date'), json },
            positional: pathOf('9198, 203.0.113.0/24, operator:KZ.kcell or its name, KZ', 'what'),
          },
          loader: async () => (await import('./netdata-show.ts')).netdataShowCommand,
        }),
      },
    }),
    import: buildCommand<{ config?: string; folder?: string; json: boolean }, [string], CliContext>({
      docs: { brief: 'Put the observations of a case into the data folder and judge them' },
      parameters: { flags: { config, folder, json }, positional: casePath },
      loader: async () => (await import('./import.ts')).importCommand,
    }),
    incidents: buildCommand<
      {
        config?: string
        folder?: string
        json: boolean
        all: boolean
        replay?: string
        entity?: string
        country?: string
        state?: string
        since?: string
        until?: string
        asOf?: string
      },
      [],
      CliContext
    >({
      docs: { brief: 'List incidents' },
      parameters: {
        flags: {
          config,
          folder,
          json,
          replay,
          all: { kind: 'boolean', brief: 'Also those that are part of another', default: false },
          entity: text('Of this entity, such as country:IR', 'id'),
          country: text('Of this country and what is within it', 'code'),
          state: text('In these states, with commas between', 'states'),
          since: text(`That touch this instant or later; ${instantHint}`, 'instant'),
          until: text('That began before this instant', 'instant'),
          asOf: text('As published by this instant', 'instant'),
        },
      },
      loader: async () => (await import('./incidents.ts')).incidentsCommand,
    }),
    series: buildCommand<
      {
        config?: string
        folder?: string
        json: boolean
        replay?: string
        entity?: string
        source?: string
        signal?: string
        from?: string
        until?: string
      },
      [number?],
      CliContext
    >({
      docs: { brief: 'List series, or print one of them as JSON' },
      parameters: {
        flags: {
          config,
          folder,
          json,
          replay,
          entity: text('Of this entity, such as country:IR', 'id'),
          source: text('Of this source, such as ioda', 'id'),
          signal: text('Of this signal, such as ping.up_slash24s', 'id'),
          from: text(`From this instant; ${instantHint}`, 'instant'),
          until: text('Until this instant', 'instant'),
        },
        positional: {
          kind: 'tuple',
          parameters: [{ brief: 'Number of a series', parse: parseNumber, placeholder: 'number', optional: true }],
        },
      },
      loader: async () => (await import('./series.ts')).seriesCommand,
    }),
    doctor: buildCommand<
      { config?: string; folder?: string; host?: string; port?: number; online: boolean; json: boolean },
      [],
      CliContext
    >({
      docs: { brief: 'Say what is wrong with this set-up and how to mend it' },
      parameters: {
        flags: {
          config,
          folder,
          host,
          port,
          online: { kind: 'boolean', brief: 'Also ask each source whether it answers', default: false },
          json,
        },
      },
      loader: async () => (await import('./doctor.ts')).doctorCommand,
    }),
  },
})

/** @param version as package.json has it. */
export function createCli(currentVersion: string): Application<CliContext> {
  return buildApplication<CliContext>(
    routes,
    {
      name: 'tocsin',
      scanner: { caseStyle: 'allow-kebab-for-camel' },
      determineExitCode: (error) => (error instanceof TocsinError ? error.exitCode : 1),
      localization: {
        defaultLocale: 'en',
        loadText: () => ({ ...texts, exceptionWhileRunningCommand: words, commandErrorResult: words }),
      },
    },
    {
      help: help({
        brief: 'Print this help',
        formatting: { caseStyle: 'convert-camel-to-kebab', useAliasInUsageLine: false, onlyRequiredInUsageLine: true },
      }),
      version: version({ brief: 'Print the version', info: { currentVersion } }),
    },
  )
}

/** What the operator must do stands in our own errors; a stack trace is for what nobody foresaw. */
function words(error: unknown): string {
  if (error instanceof TocsinError) return `tocsin: ${error.message}`
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
