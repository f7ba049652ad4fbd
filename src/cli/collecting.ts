import { setImmediate as turn } from 'node:timers/promises'
import type { Source } from '../collect/source.ts'
import { createIodaSource, IODA_DEFAULTS } from '../collect/ioda/source.ts'
import type { UnixSeconds } from '../model/brand.ts'
import { HOUR } from '../model/time.ts'
import type { Config } from '../street/config.ts'
import type { Notice } from '../street/live/notice.ts'
import type { ObservatorySetting } from '../street/observatory.ts'
import type { CliContext } from './context.ts'
import { remark } from './context.ts'
import { routingSourcesOf } from './routing-sources.ts'

/** Of an hour's requests, what history may take. */
const BACKFILL_SHARE = 0.25

/** Sources as they are set; none when collecting is off. */
export async function sourcesOf(config: Config, version: string, now: UnixSeconds): Promise<readonly Source[]> {
  if (!config.collect.enabled) return []
  return [...iodaOf(config, version), ...(await routingSourcesOf(config, version, now))]
}

function iodaOf({ collect }: Config, version: string): readonly Source[] {
  if (!collect.ioda.enabled) return []
  const { url, requestsPerHour, backfillDays, countries } = collect.ioda
  return [
    createIodaSource({
      ...IODA_DEFAULTS,
      version,
      contact: collect.contact,
      baseUrl: url,
      budget: { requests: requestsPerHour, perSeconds: HOUR, backfillShare: BACKFILL_SHARE },
      backfillDays,
      countries: countries ?? IODA_DEFAULTS.countries,
    }),
  ]
}

/** What the observatory is handed of the world so that it can collect. */
export function liveSetting(
  context: CliContext,
  config: Config,
  sources: readonly Source[],
): NonNullable<ObservatorySetting['live']> {
  return {
    sources,
    clock: context.clock,
    random: context.random,
    fetch: context.fetch,
    turn: () => turn(),
    retention: { raw: config.retention.rawDays, answers: config.retention.answersDays },
    backfillDays: config.collect.ioda.backfillDays,
    tell: (notice) => remark(context, noticeText(notice)),
  }
}

/** What is collected, from where and how much is asked, before the first request goes out. */
export function announce(context: CliContext, config: Config, sources: readonly Source[]): void {
  if (sources.length === 0) {
    remark(context, 'Collecting is off: pages show what the data folder holds.')
    return
  }
  for (const { name, upstream, budget, signals } of sources) {
    remark(
      context,
      `Collecting ${signals.length} signals of ${name} from ${upstream}: at most ${budget.requests} requests in ${budget.perSeconds / 60} min, one at a time, ${Math.round(budget.backfillShare * 100)} % of them at most for history.`,
    )
  }
  if (config.collect.contact === null)
    remark(
      context,
      'No contact address is set: set [collect] contact or TOCSIN_CONTACT, so that an upstream can reach you.',
    )
}

function noticeText(notice: Notice): string {
  switch (notice.kind) {
    case 'unreachable':
      return `${notice.source} does not answer (${notice.detail}); it is tried again until it does.`
    case 'reachable':
      return `${notice.source} answers again.`
    case 'store-refuses':
      return `The data folder takes nothing: ${notice.error.message}. It is tried again every minute; nothing is lost meanwhile.`
    case 'store-works':
      return 'The data folder works again.'
    default:
      return notice satisfies never
  }
}
