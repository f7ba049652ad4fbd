import { AS_WRITTEN } from '../street/reconstruct.ts'
import { loadCase, parseCase } from '../street/case.ts'
import { importCase, type Imported } from '../street/import.ts'
import type { CliContext } from './context.ts'
import { print, printJson } from './context.ts'
import type { FolderFlags } from './data-folder.ts'
import { configOf, openFolder } from './data-folder.ts'
import { startProgress } from './progress.ts'
import { tellReport } from './replay.ts'

/** `tocsin import CASE`: the observations of a case into the data folder, judged as live would have. */
export async function importCommand(
  this: CliContext,
  flags: FolderFlags & { readonly json: boolean },
  path: string,
): Promise<void> {
  const { json, ...rest } = flags
  const config = configOf(this, rest)
  const loaded = await loadCase(parseCase(path), AS_WRITTEN)
  tellReport(this, loaded.report)
  const store = await openFolder(this, config)
  try {
    const progress = startProgress(this, `Importing ${loaded.id}`, json && !this.terminal)
    const imported = await importCase(loaded, store, progress.update).finally(progress.finish)
    if (json) printJson(this, { case: loaded.id, ...imported })
    else if (imported.appended === 0)
      print(
        this,
        `Nothing new: ${config.folder} holds all ${imported.observations.toLocaleString('en')} observations of ${loaded.id} already.`,
      )
    else {
      print(
        this,
        `${imported.appended.toLocaleString('en')} of ${imported.observations.toLocaleString('en')} observations of ${loaded.id} are new in ${config.folder}.`,
      )
      print(this, tellRevisions(imported))
    }
  } finally {
    await store.close()
  }
}

function tellRevisions(imported: Imported): string {
  if (imported.revisions === 0) return 'Nothing opened, and nothing that was published changed.'
  const when = imported.asLive ? ', each at the instant when live would have' : ''
  return `${imported.revisions} revisions of incidents were published${when}. See \`tocsin incidents\`.`
}
