import { worldMap } from '../../chart/map.ts'
import type { ThemeName } from '../../chart/theme.ts'
import type { EntityId } from '../../model/brand.ts'
import type { CountryLine } from '../../model/page.ts'
import { countryCodes } from '../../netdata/iso.ts'
import { worldGeometry } from '../../netdata/map.ts'
import { mapCounts, type MapFacts } from '../../words/map-facts.ts'
import { catalogue } from '../../words/languages.ts'
import { entityRef, type ViewContext } from './view-context.ts'
import { countryLines } from './watch.ts'

/** Every country, watched or not: what is not watched is drawn as not watched, not left out. */
export async function worldMapSvg(context: ViewContext, theme: ThemeName): Promise<string> {
  const { view } = context
  const words = catalogue(context.language)
  const [series, incidents] = await Promise.all([view.series({}), view.incidents({}, null)])
  const lines = await countryLines(context, series, incidents)
  const watched = new Map<EntityId, CountryLine>(lines.map((line) => [line.entity.id, line]))
  const facts = countryCodes().map((code): MapFacts & { readonly code: string } => {
    const entity = `country:${code}` as EntityId
    const line = watched.get(entity)
    if (line !== undefined) return { code, ...factsOf(line) }
    return { code, entity: entityRef(context, entity), status: 'not-watched', share: null, kind: null }
  })
  return worldMap(
    {
      title: words.map.title,
      description: words.map.description(mapCounts(lines.map(factsOf)), view.now()),
      disputed: words.map.disputed,
      countries: facts.map((one) => ({
        code: one.code,
        share: one.share,
        kind: one.kind,
        title: words.map.country(one),
        href: one.entity.href,
      })),
    },
    worldGeometry(),
    theme,
  )
}

function factsOf(line: CountryLine): MapFacts {
  return { entity: line.entity, status: line.status, share: line.share, kind: line.incident?.kind ?? null }
}
