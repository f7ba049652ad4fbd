import type { RouteSink } from '../../../wire/route-sink.ts'

/** Hands on what is not before `from`, UTC seconds: what is before it is in the table already. */
export function since(from: number, sink: RouteSink): RouteSink {
  return {
    peer: (key) => sink.peer(key),
    ribBegins: (time) => sink.ribBegins(time),
    entry: (route) => sink.entry(route),
    announce(route) {
      if (route.time >= from) sink.announce(route)
    },
    withdraw(route) {
      if (route.time >= from) sink.withdraw(route)
    },
    state(time, micros, peer, before, now) {
      if (time >= from) sink.state(time, micros, peer, before, now)
    },
    endOfRib(time, peer, family) {
      if (time >= from) sink.endOfRib(time, peer, family)
    },
  }
}
