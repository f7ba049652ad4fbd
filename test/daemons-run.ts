import { readFile } from 'node:fs/promises'
import { until, type Collector } from '../bench/bgp/daemons.ts'
import {
  bytesOf6,
  encodeAnnouncements4,
  encodeAnnouncements6,
  encodeAttributes,
  encodeEndOfRib,
  encodeWithdrawals4,
  encodeWithdrawals6,
  nlri,
} from '../bench/bgp/encode.ts'
import { countUpdates, makeSeconds, type Timetable } from '../bench/bgp/retime.ts'
import { openSpeaker, type Speaker } from '../bench/bgp/speaker.ts'
import { ORIGINS, SESSIONS, STEPS, type Action, type SessionName } from './daemons-script.ts'

type Session = (typeof SESSIONS)[number]

interface Running {
  readonly session: Session
  readonly timetable: Timetable & { readonly ups: number[]; readonly downs: number[] }
  /** Prefix → version of its path, as last told. */
  readonly routes: Map<string, number>
  speaker: Speaker | null
}

export interface Lab {
  readonly timetables: readonly Timetable[]
  /** Acts the steps from `from` to before `to`, and waits until the daemon has written down all of it. */
  act(from: number, to: number): Promise<void>
  end(): Promise<void>
}

/** The script of daemons-script.ts towards one daemon. @param start UTC seconds of the first bin, as planned. */
export function makeLab(daemon: Collector, start: number): Lab {
  const running = new Map(
    SESSIONS.map((session): [SessionName, Running] => {
      const { asn, address } = session
      const timetable = { asn, address, updates: makeSeconds(), ups: [], downs: [] }
      return [session.name, { session, timetable, routes: new Map(), speaker: null }]
    }),
  )

  async function told(one: Running, messages: readonly Uint8Array[], at: number): Promise<void> {
    for (let n = 0; n < messages.length; n += 1) one.timetable.updates.push(at)
    await one.speaker!.send(messages)
  }

  async function perform(one: Running, action: Action, at: number): Promise<void> {
    const { session, routes, timetable } = one
    if (action.kind === 'up') {
      one.speaker = await until(`${session.name} to come up`, 30_000, () =>
        openSpeaker({ ...session, host: daemon.host, port: daemon.port, holdSeconds: 90, patienceMs: 5000 }).catch(
          () => null,
        ),
      )
      timetable.ups.push(at)
      for (const prefix of Object.keys(ORIGINS)) if (!routes.has(prefix)) routes.set(prefix, 0)
      await told(one, announcements(session, routes), at)
      await one.speaker.send([encodeEndOfRib(4), encodeEndOfRib(6)])
    } else if (action.kind === 'announce') {
      const some = new Map(action.prefixes.map((prefix) => [prefix, action.path]))
      for (const [prefix, path] of some) routes.set(prefix, path)
      await told(one, announcements(session, some), at)
    } else if (action.kind === 'withdraw') {
      for (const prefix of action.prefixes) routes.delete(prefix)
      const [v4, v6] = split(action.prefixes)
      await told(one, [...encodeWithdrawals4(v4.map(nlri)), ...encodeWithdrawals6(v6.map(nlri))], at)
    } else {
      // A reset throws away what the daemon has not read yet.
      await written(daemon, [one])
      await one.speaker![action.kind]()
      timetable.downs.push(at)
      one.speaker = null
    }
  }

  return {
    timetables: [...running.values()].map(({ timetable }) => timetable),
    async act(from, to) {
      for (let bin = from; bin < to; bin += 1) {
        for (const action of STEPS[bin]!.actions) {
          const at = start + bin * 300 + action.at
          await Promise.all(action.of.map((name) => perform(running.get(name)!, action, at)))
        }
      }
      await written(daemon, [...running.values()])
    },
    async end() {
      await Promise.all([...running.values()].map(async ({ speaker }) => speaker?.abort()))
    },
  }
}

async function written(daemon: Collector, of: readonly Running[]): Promise<void> {
  await until(`${daemon.program} to write down what it was told`, 30_000, async () => {
    const counts = countUpdates(await readFile(daemon.updatesFile))
    const all = of.every(({ session, timetable }) => counts.get(session.address) === timetable.updates.length)
    return all ? true : null
  })
}

function split(prefixes: readonly string[]): readonly [readonly string[], readonly string[]] {
  return [prefixes.filter((prefix) => !prefix.includes(':')), prefixes.filter((prefix) => prefix.includes(':'))]
}

/** A message for each origin, family and path. */
function announcements(session: Session, routes: ReadonlyMap<string, number>): readonly Uint8Array[] {
  const alike = new Map<string, string[]>()
  for (const [prefix, path] of routes) {
    const key = `${ORIGINS[prefix]} ${path}`
    alike.set(key, [...(alike.get(key) ?? []), prefix])
  }
  return [...alike].flatMap(([key, prefixes]) => {
    const [origin = 0, version = 0] = key.split(' ').map(Number)
    const attributes = { path: [session.asn, 1299, 64_600 + version, origin], communities: [1299 * 65_536 + version] }
    const [v4, v6] = split(prefixes)
    const last = Number(session.address.split('.')[3])
    return [
      ...encodeAnnouncements4(encodeAttributes(attributes, [192, 0, 2, last]), v4.map(nlri)),
      ...encodeAnnouncements6(encodeAttributes(attributes, null), bytesOf6(`2001:db8::${last}`), v6.map(nlri)),
    ]
  })
}
