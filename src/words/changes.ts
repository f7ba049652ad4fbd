import type { Evidence, Incident } from '../model/incident.ts'
import type { RevisionChange, SignalName } from '../model/page.ts'
import { type SignalKey, signalKey } from '../model/signal.ts'
import { confidenceWord, standingOf } from './scales.ts'

/**
 * What the later of two revisions of one incident says otherwise than the earlier, in the order in which it matters.
 * Numbers that move without changing a word (a share, a confidence within its word) are no change.
 */
export function changesBetween(before: Incident, after: Incident): readonly RevisionChange[] {
  const changes: RevisionChange[] = []
  const [standing, was] = [standingOf(after), standingOf(before)]
  if (standing !== was) changes.push({ what: 'state', from: was, to: standing })
  if (before.onset.at !== after.onset.at) {
    changes.push({ what: 'onset', from: before.onset.at, to: after.onset.at })
  }
  const [end, ended] = [after.end?.at ?? null, before.end?.at ?? null]
  if (end !== ended) changes.push({ what: 'end', from: ended, to: end })
  if (before.kind !== after.kind) changes.push({ what: 'kind', from: before.kind, to: after.kind })
  if (before.severity !== after.severity) {
    changes.push({ what: 'severity', from: before.severity, to: after.severity })
  }
  changes.push(...confidenceChanges(before, after), ...evidenceChanges(before, after))
  if (before.episodes.length !== after.episodes.length) {
    changes.push({ what: 'episodes', from: before.episodes.length, to: after.episodes.length })
  }
  changes.push(...contradictionChanges(before, after))
  if (before.partOf !== after.partOf) changes.push({ what: 'part-of', to: after.partOf })
  return changes
}

function confidenceChanges(before: Incident, after: Incident): readonly RevisionChange[] {
  const [from, to] = [before.confidence, after.confidence]
  const changes: RevisionChange[] = []
  if (from.agreeing !== to.agreeing || from.able !== to.able) {
    changes.push({
      what: 'agreeing',
      from: { agreeing: from.agreeing, able: from.able },
      to: { agreeing: to.agreeing, able: to.able },
    })
  }
  if (confidenceWord(from.value) !== confidenceWord(to.value)) {
    changes.push({ what: 'confidence', from: from.value, to: to.value })
  }
  return changes
}

type Reading = 'off' | 'back' | 'never'

function readings(incident: Incident): ReadonlyMap<string, { readonly evidence: Evidence; readonly reading: Reading }> {
  return new Map(
    incident.evidence.map((evidence) => {
      const last = evidence.spans.at(-1)
      const reading = last === undefined ? 'never' : last.end === null ? 'off' : 'back'
      return [`${signalKey(evidence)} ${evidence.entity} ${evidence.facet ?? ''}`, { evidence, reading }]
    }),
  )
}

function evidenceChanges(before: Incident, after: Incident): readonly RevisionChange[] {
  const [was, is] = [readings(before), readings(after)]
  const joined: Evidence[] = []
  const back: Evidence[] = []
  const left: Evidence[] = []
  for (const [key, { evidence, reading }] of is) {
    const earlier = was.get(key)?.reading ?? 'never'
    if (reading === earlier) continue
    if (reading === 'off') joined.push(evidence)
    else if (reading === 'back') back.push(evidence)
    else left.push(evidence)
  }
  for (const [key, { evidence, reading }] of was) if (!is.has(key) && reading !== 'never') left.push(evidence)
  const told = (what: 'joined' | 'back' | 'left', all: readonly Evidence[]): readonly RevisionChange[] => {
    const own = all.filter((one) => one.entity === after.entity)
    const parts = all.length - own.length
    return [
      ...(own.length === 0 ? [] : [{ what, signals: own.map(nameOf) }]),
      ...(parts === 0 ? [] : [{ what: `parts-${what}` as const, count: parts }]),
    ]
  }
  return [...told('joined', joined), ...told('back', back), ...told('left', left)]
}

function nameOf(evidence: Evidence): SignalName {
  return { key: signalKey(evidence), label: evidence.label }
}

function contradictionChanges(before: Incident, after: Incident): readonly RevisionChange[] {
  const lasting = (incident: Incident): ReadonlyMap<string, { up: SignalKey; down: SignalKey }> =>
    new Map(
      incident.contradictions
        .filter((one) => one.until === null)
        .map((one) => [`${one.up} ${one.down}`, { up: one.up, down: one.down }]),
    )
  const [was, is] = [lasting(before), lasting(after)]
  const named = (key: SignalKey): SignalName => {
    const found = [...after.evidence, ...before.evidence].find((one) => signalKey(one) === key)
    return { key, label: found?.label ?? key }
  }
  const told = (
    what: 'contradicted' | 'no-longer-contradicted',
    pairs: ReadonlyMap<string, { up: SignalKey; down: SignalKey }>,
    besides: ReadonlyMap<string, unknown>,
  ): readonly RevisionChange[] =>
    [...pairs]
      .filter(([key]) => !besides.has(key))
      .map(([, { up, down }]) => ({ what, up: named(up), down: named(down) }))
  return [...told('contradicted', is, was), ...told('no-longer-contradicted', was, is)]
}
