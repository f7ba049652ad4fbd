import { toRfc3339 } from '../model/time.ts'
import { type DarkAnswer } from '../street/dark-of.ts'

export const ROUTING_CSV_HEADER =
  'time,event,prefix,family,origin,operator,country,blocks,peers_carrying,peers_voting,source'

/** One row a route event, in the order of time (RFC 4180). What is not known is empty. */
export function routingCsv({ dark, events }: DarkAnswer): string {
  const prefixes = new Map(dark.prefixes.map((prefix) => [prefix.prefix, prefix]))
  const operators = new Map(dark.networks.flatMap(({ operator, asns }) => asns.map((asn) => [asn, operator] as const)))
  const lines = events.map((event) => {
    const prefix = prefixes.get(event.prefix)
    return [
      toRfc3339(event.at),
      event.kind,
      event.prefix,
      prefix?.family ?? '',
      event.origin,
      // Of who has it then: a prefix that came back elsewhere is not its first operator's.
      operators.get(event.origin) ?? (event.origin === prefix?.origin ? (prefix.operator ?? '') : ''),
      event.country ?? '',
      event.blocks,
      event.carrying,
      event.voting,
      event.source,
    ]
      .map((cell) => csvCell(String(cell)))
      .join(',')
  })
  return `${[ROUTING_CSV_HEADER, ...lines].join('\r\n')}\r\n`
}

/** Quoted where it holds what would end a cell. */
function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
