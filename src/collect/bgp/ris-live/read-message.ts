import { createRisLiveState, decodeRisLive } from '../../../wire/ris-live/message.ts'
import type { PeerKey, RouteSink } from '../../../wire/route-sink.ts'
import type { IntoCollector } from '../archive-reader.ts'

/** Decodes messages and remembers which collector each session is of. */
export interface MessageReader {
  /** Hands what a message holds to the sink, whole or not at all. @returns why it cannot be read; `null` where it can. */
  read(message: Buffer, sink: RouteSink): string | null
  /** Gives the session of the message that is being read its number. */
  readonly peer: (key: PeerKey) => number
  /** Hands on what comes of a session to the sink of its collector. */
  readonly bySession: RouteSink
}

/** `rrc00.ripe.net`, as the server names collectors at times; archives and settings have `rrc00`. */
const DOMAIN = '.ripe.net'

export function createMessageReader(into: IntoCollector): MessageReader {
  const state = createRisLiveState()
  const sinks: RouteSink[] = []
  let collector = ''

  const peer = (key: PeerKey): number => {
    const sink = into(collector)
    const number = sink.peer(key)
    sinks[number] = sink
    return number
  }

  const nothing = (): void => {}

  return {
    peer,
    bySession: {
      peer,
      ribBegins: nothing,
      entry: nothing,
      announce: (route) => sinks[route.peer]!.announce(route),
      withdraw: (route) => sinks[route.peer]!.withdraw(route),
      state: (time, micros, session, before, now) => sinks[session]!.state(time, micros, session, before, now),
      endOfRib: (time, session, family) => sinks[session]!.endOfRib(time, session, family),
    },
    read(message, sink) {
      const outcome = decodeRisLive(
        // All that is read of a message is ASCII; this is the fastest way to a string.
        message.toString('latin1'),
        (host) => {
          collector = host.endsWith(DOMAIN) ? host.slice(0, -DOMAIN.length) : host
          return sink
        },
        state,
      )
      return outcome.kind === 'broken' ? outcome.fault : null
    },
  }
}
