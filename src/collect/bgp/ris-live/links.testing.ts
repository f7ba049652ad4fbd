import type { IncomingHttpHeaders } from 'node:http'
import type { SimulatedClock } from '../../clock.testing.ts'
import type { OpenStream } from './stream-socket.ts'
import { openWebSocket } from './web-socket.ts'

/** Put on each handshake, so that a server of ours knows whose time it lets pass. */
const LINK = 'x-held-link'

/** One connection as both ends of it see it: time is held while anything is on its way. */
export interface Link {
  /** The server sends something: a message, or a pong. */
  sentDown(): void
  /** The server got something. */
  arrivedUp(): void
  /** The server cuts the connection: time is held until the client knows. */
  dropped(): void
  /** The server leaves the handshake unanswered: time passes. */
  passTime(): void
  /** The server reads no more: what is sent to it holds no time. */
  goDeaf(): void
}

export interface Links {
  readonly openStream: OpenStream
  of(headers: IncomingHttpHeaders): Link
}

interface Ends extends Link {
  sentUp(): void
  arrivedDown(): void
  /** Nothing more is on its way. */
  over(): void
}

export function createLinks(clock: SimulatedClock): Links {
  const all = new Map<string, Ends>()
  let made = 0

  const create = (): Ends => {
    let isOver = false
    let isDeaf = false
    const down: (() => void)[] = []
    const up: (() => void)[] = []
    const others: (() => void)[] = []
    const releaseAll = (list: (() => void)[]): void => {
      for (const release of list.splice(0)) release()
    }
    // The handshake.
    others.push(clock.hold())
    return {
      sentDown() {
        if (!isOver) down.push(clock.hold())
      },
      arrivedDown: () => down.shift()?.(),
      sentUp() {
        if (!isOver && !isDeaf) up.push(clock.hold())
      },
      arrivedUp: () => up.shift()?.(),
      dropped() {
        if (!isOver) others.push(clock.hold())
      },
      passTime: () => releaseAll(others),
      goDeaf() {
        isDeaf = true
        releaseAll(up)
      },
      over() {
        isOver = true
        releaseAll(down)
        releaseAll(up)
        releaseAll(others)
      },
    }
  }

  return {
    of(headers) {
      const link = all.get(String(headers[LINK]))
      if (link === undefined) throw new Error('a connection that was not opened through these links')
      return link
    },
    openStream(url, headers, events) {
      const id = String(made++)
      const link = create()
      all.set(id, link)
      const socket = openWebSocket(
        url,
        { ...headers, [LINK]: id },
        {
          opened() {
            events.opened()
            link.passTime()
          },
          message(data) {
            events.message(data)
            link.arrivedDown()
          },
          alive() {
            events.alive()
            link.arrivedDown()
          },
          ended(ending) {
            events.ended(ending)
            link.over()
            all.delete(id)
          },
        },
      )
      return {
        send(text) {
          link.sentUp()
          socket.send(text)
        },
        ping() {
          link.sentUp()
          socket.ping()
        },
        cut() {
          link.dropped()
          socket.cut()
        },
      }
    },
  }
}
