import type { SourceLine, SourcesPage } from '../../model/page.ts'
import { signalKey } from '../../model/signal.ts'
import { DAY, plus } from '../../model/time.ts'
import { frameOf } from './frame.ts'
import { healthLines, healthOver } from './sight.ts'
import type { ViewContext } from './view-context.ts'

const PAST_DAYS = 7
/** A source that fails every few minutes for a week is told by its newest failures and their number. */
const MOST_PAST = 60

/** Who feeds the observatory, how well, and on what terms. */
export async function sourcesPage(context: ViewContext): Promise<SourcesPage> {
  const { view } = context
  const [statuses, specs] = await Promise.all([view.sources(), view.specs()])
  const byKey = new Map(specs.map((spec) => [signalKey(spec), spec]))
  const keys = new Set(statuses.flatMap((status) => status.signals.map(signalKey)))
  const shown = specs.filter((spec) => keys.has(signalKey(spec)))
  const now = view.now()
  const past = await healthOver(view, shown, null, { from: plus(now, -PAST_DAYS * DAY), until: plus(now, 1) })
  return {
    kind: 'sources',
    frame: await frameOf(context, shown.length === 0 ? null : shown, null),
    sources: statuses.map(({ signals, ...status }): SourceLine => ({
      status,
      signals: signals.map((health) => {
        const spec = byKey.get(signalKey(health))
        return {
          key: signalKey(health),
          health,
          terms:
            spec === undefined
              ? null
              : {
                  plane: spec.plane,
                  licence: spec.licence,
                  citation: spec.citation,
                  step: spec.step,
                  delay: spec.delay,
                },
        }
      }),
    })),
    past: await healthLines(context, past.slice(0, MOST_PAST)),
    pastCount: past.length,
  }
}
