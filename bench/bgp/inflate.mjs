// What gunzip alone costs in a whole Node process: no decoding, the bytes are counted and let go.
import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'

const CHUNK = 512 * 1024
let bytes = 0
for await (const chunk of createReadStream(process.argv[2], { highWaterMark: CHUNK }).pipe(
  createGunzip({ chunkSize: CHUNK, highWaterMark: 4 * CHUNK }),
))
  bytes += chunk.length
process.stdout.write(`${bytes}\n`)
