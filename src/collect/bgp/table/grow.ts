/** Longer copies of typed arrays; what is new is 0. */
export function longerUint32(column: Uint32Array, room: number): Uint32Array<ArrayBuffer> {
  const grown = new Uint32Array(room)
  grown.set(column)
  return grown
}

export function longerInt32(column: Int32Array, room: number, fill: number): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(room)
  grown.set(column)
  if (fill !== 0) grown.fill(fill, column.length)
  return grown
}

export function longerUint16(column: Uint16Array, room: number): Uint16Array<ArrayBuffer> {
  const grown = new Uint16Array(room)
  grown.set(column)
  return grown
}

export function longerUint8(column: Uint8Array, room: number): Uint8Array<ArrayBuffer> {
  const grown = new Uint8Array(room)
  grown.set(column)
  return grown
}

export function longerFloat64(column: Float64Array, room: number): Float64Array<ArrayBuffer> {
  const grown = new Float64Array(room)
  grown.set(column)
  return grown
}

/** Twice as much up to a million, then half as much again, in whole steps of 4,096. */
export function nextRoom(room: number, least: number): number {
  return Math.ceil(Math.max(room * (room < 1 << 20 ? 2 : 1.5), least, 4096) / 4096) * 4096
}
