import { StoreError } from '../../model/errors.ts'

/** What the operating system said of a file or folder of ours, with what to do about it. */
export function toFileError(cause: unknown, path: string): unknown {
  const code = (cause as NodeJS.ErrnoException).code
  if (!(cause instanceof Error) || cause instanceof StoreError || code === undefined) return cause
  return new StoreError(`${path} cannot be used: ${adviceFor(code)}`, { cause })
}

function adviceFor(code: string): string {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'no space is left; free some and try again (nothing of this call was kept)'
    case 'EACCES':
    case 'EPERM':
      return 'no right to it; give it to the user that runs Tocsin (chown), or set another folder'
    case 'EROFS':
      return 'the file system is read-only; mount it for writing, or set another folder'
    case 'EEXIST':
    case 'ENOTDIR':
      return 'there is a file in its place; set another folder'
    case 'ENOENT':
      return 'there is none; check the path'
    default:
      return `${code}; try again, and check the disk if it stays`
  }
}
