import { namedRules } from '../../detect/rules.ts'
import { signalKey } from '../../model/signal.ts'
import type { MethodPage, ProblemPage } from '../../model/page.ts'
import { frameOf } from './frame.ts'
import type { ViewContext } from './view-context.ts'

/** Pages that show no data. */
export async function methodPage(context: ViewContext): Promise<MethodPage> {
  const specs = await context.view.specs()
  return {
    kind: 'method',
    frame: await frameOf(context, null, null),
    signals: specs.map((spec) => ({
      key: signalKey(spec),
      label: spec.label,
      plane: spec.plane,
      unit: spec.unit,
      step: spec.step,
      delay: spec.delay,
      licence: spec.licence,
      citation: spec.citation,
    })),
    rules: namedRules().map(({ key, rule }) => ({
      key,
      badDirection: rule.open < rule.close ? 'down' : 'up',
      open: rule.open,
      close: rule.close,
      spreads: rule.openSpreads,
      openAfter: rule.openAfter,
      closeAfter: rule.closeAfter,
      opens: rule.opens,
      reliability: rule.reliability,
    })),
  }
}

const STATUS: Record<ProblemPage['reason'], ProblemPage['status']> = {
  'no-page': 404,
  'no-entity': 404,
  'no-incident': 404,
  'no-replay': 404,
  unavailable: 503,
  'bad-time': 400,
  'too-many': 429,
  internal: 500,
}

/** Made without asking the store for anything: it is what is shown when the store fails, too. */
export function problemPage(
  context: ViewContext,
  reason: ProblemPage['reason'],
  asked: string,
  detail: string | null,
): ProblemPage {
  const { view } = context
  return {
    kind: 'problem',
    frame: {
      language: context.language,
      path: context.path,
      root: `/${context.language}/`,
      view: {
        id: view.id,
        title: view.title,
        origin: null,
        home: `/${context.language}/`,
        api: '/api/v1',
        ruleVersion: view.ruleVersion,
      },
      standpoint: { kind: 'live', now: view.now(), newest: null, stale: false },
      unhealthy: [],
      time: context.time,
      times: context.times,
      place: context.place,
      licence: null,
    },
    status: STATUS[reason],
    reason,
    asked,
    detail,
  }
}
