import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'

/** Writes a RIB's IPv4 records, and its first PEER_INDEX_TABLE, into another file unless it is there. @returns its path. */
export async function onlyIpv4(rib: string, file: string): Promise<string> {
  if (existsSync(file)) return file
  const bytes = await readFile(rib)
  const kept: Buffer[] = []
  for (let at = 0; at + 12 <= bytes.length;) {
    const end = at + 12 + bytes.readUInt32BE(at + 8)
    const subtype = bytes.readUInt16BE(at + 6)
    if (subtype === 2 || (subtype === 1 && kept.length === 0)) kept.push(bytes.subarray(at, end))
    at = end
  }
  await writeFile(file, Buffer.concat(kept))
  return file
}
