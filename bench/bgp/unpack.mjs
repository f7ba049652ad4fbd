// Unpacks files with the built project's own reader, all in this thread, or each in a worker of its own.
// node unpack.mjs DIST serial|workers FILE…
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { isMainThread, Worker, workerData } from 'node:worker_threads'

async function unpack(dist, path) {
  const { openArchiveFile } = await import(pathToFileURL(join(dist, 'collect/bgp/archive-file.js')).href)
  const file = await openArchiveFile(path)
  let bytes = 0
  for await (const chunk of file.chunks) bytes += chunk.length
  if (file.damage !== null) throw new Error(file.damage)
  return bytes
}

if (isMainThread) {
  const [dist, how, ...files] = process.argv.slice(2)
  if (how === 'serial') for (const file of files) await unpack(dist, file)
  else {
    await Promise.all(
      files.map(
        (path) =>
          new Promise((resolve, reject) => {
            const worker = new Worker(fileURLToPath(import.meta.url), { workerData: { dist, path } })
            worker.on('error', reject)
            worker.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a worker ended with ${code}`))))
          }),
      ),
    )
  }
} else await unpack(workerData.dist, workerData.path)
