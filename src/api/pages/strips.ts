import type { EntityId, UnixSeconds } from '../../model/brand.ts'
import type { StripCell, StripLine, Strips } from '../../model/page.ts'
import { binStart, DAY, plus } from '../../model/time.ts'
import type { DayCell } from '../../street/view.ts'
import { addressWith } from './address.ts'
import { entityRef, incidentHref, type ViewContext } from './view-context.ts'

const DAYS = 90

/** Lines of the countries that had an incident, newest first; with `all`, the others follow by name. */
export async function worldStrips(context: ViewContext, all: boolean): Promise<Strips | null> {
  const { from, until } = lastDays(context.view.now())
  const days = await context.view.days({ from, until })
  if (days.size === 0) return null
  const strips = [...days].map(([entity, cells]) => ({
    entity,
    cells,
    last: cells.findLast((cell) => cell.status === 'incident')?.day ?? null,
  }))
  const lineOf = ({ entity, cells }: (typeof strips)[number]): StripLine => stripLine(context, entity, cells, from)
  const eventful = strips.filter((one) => one.last !== null).sort((a, b) => (b.last ?? 0) - (a.last ?? 0))
  const others = strips.filter((one) => one.last === null)
  // Most readers do not ask for them: they are counted, not made.
  const quiet = all ? others.map(lineOf) : []
  quiet.sort((a, b) => a.entity.name.localeCompare(b.entity.name, context.language))
  return {
    from,
    days: DAYS,
    lines: [...eventful.map(lineOf), ...quiet],
    without: all ? 0 : others.length,
    other: addressWith(context, { all: all ? null : '1' }, 'strips'),
    isAll: all,
  }
}

/** The strip of one country; `null` where none is kept. */
export async function countryStrip(context: ViewContext, entity: EntityId): Promise<Strips | null> {
  const { from, until } = lastDays(context.view.now())
  const cells = (await context.view.days({ from, until })).get(entity)
  if (cells === undefined) return null
  return {
    from,
    days: DAYS,
    lines: [stripLine(context, entity, cells, from)],
    without: 0,
    other: context.path,
    isAll: true,
  }
}

/** Ninety whole UTC days, today's the last. */
function lastDays(now: UnixSeconds): { readonly from: UnixSeconds; readonly until: UnixSeconds } {
  const today = binStart(now, DAY, 0 as never)
  return { from: plus(today, -(DAYS - 1) * DAY), until: plus(today, DAY) }
}

function stripLine(context: ViewContext, entity: EntityId, days: readonly DayCell[], from: UnixSeconds): StripLine {
  const byDay = new Map(days.map((cell) => [cell.day, cell]))
  const ids = [...new Set(days.flatMap((cell) => (cell.incident === null ? [] : [cell.incident])))]
  const cells = Array.from({ length: DAYS }, (_, index): StripCell => {
    const cell = byDay.get(plus(from, index * DAY))
    if (cell === undefined) return { status: 'no-data', share: null, incident: null }
    const incident = cell.incident === null ? null : ids.indexOf(cell.incident)
    return { status: cell.status, share: cell.worstShare === null ? null : rounded(cell.worstShare), incident }
  })
  return {
    entity: entityRef(context, entity),
    cells,
    incidents: ids.map((id) => ({ id, href: incidentHref(context, id) })),
  }
}

function rounded(share: number): number {
  return Number(share.toPrecision(3))
}
