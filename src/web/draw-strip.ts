import { dayStrip } from '../chart/strip.ts'
import type { StripLine, Strips } from '../model/page.ts'
import { DAY, plus } from '../model/time.ts'
import type { Catalogue } from '../words/catalogue.ts'

/** The days of one country, each stretch of an incident a link to it. */
export function drawStrip(words: Catalogue, strips: Strips, line: StripLine): string {
  const { cells, entity, incidents } = line
  const day = (index: number): ReturnType<typeof plus> => plus(strips.from, index * DAY)
  const told = (index: number): string => {
    const cell = cells[index]
    return cell === undefined ? '' : words.strips.cell(day(index), cell)
  }
  return dayStrip({
    id: `strip-${entity.id.replace(/[^a-zA-Z0-9]/g, '-')}`,
    summary: words.strips.summary(entity, cells, strips.from),
    cells,
    title: told,
    stretch: (from, to) => words.strips.stretch(entity, day(from), day(to)),
    hrefs: incidents.map((incident) => incident.href),
  })
}
