import type { EntityId } from '../../model/brand.ts'
import type { Frame, LicenceLine } from '../../model/page.ts'
import { strictestLicence, type SignalSpec } from '../../model/signal.ts'
import { sightOf } from './sight.ts'
import { api, home, root, type ViewContext } from './view-context.ts'

/**
 * @param shown  signals that the page rests on; `null` for a page that shows no data.
 * @param entity that the page is about; `null` for the world.
 */
export async function frameOf(
  context: ViewContext,
  shown: readonly SignalSpec[] | null,
  entity: EntityId | null,
): Promise<Frame> {
  const { view } = context
  const sight = await sightOf(context, shown, entity)
  return {
    language: context.language,
    path: context.path,
    root: root(context.language),
    view: {
      id: view.id,
      title: view.title,
      origin: view.origin,
      home: home(context),
      api: api(context),
      ruleVersion: view.ruleVersion,
    },
    ...sight,
    time: context.time,
    times: context.times,
    place: context.place,
    licence: shown === null ? null : licenceLine(shown),
  }
}

/** Rule 12: computed from what is shown, never written. */
function licenceLine(shown: readonly SignalSpec[]): LicenceLine {
  return {
    strictest: strictestLicence(shown.map((spec) => spec.licence)),
    citations: [...new Set(shown.map((spec) => spec.citation))].sort(),
  }
}
