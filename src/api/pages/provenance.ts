import type { UnixSeconds } from '../../model/brand.ts'
import type { AnswerLine, ProvenanceLine } from '../../model/page.ts'
import { plus, toRfc3339 } from '../../model/time.ts'
import type { KeptAnswer, Range, StoredSeries } from '../../store/store.ts'
import { api, type ViewContext } from './view-context.ts'

/**
 * The way from the numbers of a series to the answers that they were read from.
 *
 * @param range of which all answers can be asked for.
 * @param bins  starts of the bins whose answers are named; a few, for each is a question to the store.
 */
export async function provenanceOf(
  context: ViewContext,
  series: StoredSeries,
  range: Range,
  bins: readonly UnixSeconds[],
): Promise<ProvenanceLine> {
  const { view } = context
  const found = await Promise.all(
    bins.map((bin) => view.provenance(series.id, { from: bin, until: plus(bin, series.step) })),
  )
  const answers = found.flat().flatMap(({ answer }) => (answer === null ? [] : [answer]))
  const sources = answers.length === 0 ? [] : await view.sources()
  return {
    source: sources.find((source) => source.source === series.source)?.name ?? series.source,
    answers: [...new Map(answers.map((answer) => [answer.id, answer])).values()].map((answer) =>
      answerLine(context, answer),
    ),
    all: answersLink(context, series, range),
  }
}

export function answersLink(context: ViewContext, series: StoredSeries, range: Range): string {
  return `${api(context)}/series/${series.id}/provenance?from=${toRfc3339(range.from)}&until=${toRfc3339(range.until)}`
}

function answerLine(context: ViewContext, answer: KeptAnswer): AnswerLine {
  const record = `${api(context)}/answers/${answer.sha256}`
  return {
    sha256: answer.sha256,
    url: answer.url,
    status: answer.status,
    fetchedAt: answer.fetchedAt,
    bytes: answer.bytes,
    record,
    body: answer.hasBody ? `${record}/body` : null,
  }
}
