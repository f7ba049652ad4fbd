/** The part of package-lock.json that is looked at. */
export interface Lock {
  packages: Record<string, LockedPackage>
}

export interface LockedPackage {
  version?: string
  dev?: boolean
  optional?: boolean
  os?: readonly string[]
  cpu?: readonly string[]
  libc?: readonly string[]
  optionalDependencies?: Record<string, string>
}

const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32']
const PROCESSORS = ['arm64', 'arm', 'x64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32']

/** What a package of binaries says in its name about where it runs: `@oxfmt/binding-linux-x64-musl`. */
function platformOf(name: string): Pick<LockedPackage, 'os' | 'cpu' | 'libc'> | null {
  const words = name.split(/[/-]/)
  const os = SYSTEMS.find((system) => words.includes(system))
  const cpu = PROCESSORS.find((processor) => words.includes(processor))
  if (cpu === undefined || (os === undefined && cpu !== 'wasm32')) return null
  const libc = words.includes('musl') ? 'musl' : words.includes('gnu') ? 'glibc' : null
  return {
    ...(os === undefined ? {} : { os: [os] }),
    cpu: [cpu],
    ...(os === 'linux' && libc !== null ? { libc: [libc] } : {}),
  }
}

/** Whether `name`, as asked for by the package at `path`, is in the lock file there or anywhere above. */
function isLocked(lock: Lock, path: string, name: string): boolean {
  for (let at = path; ;) {
    if (lock.packages[`${at === '' ? '' : `${at}/`}node_modules/${name}`] !== undefined) return true
    if (at === '') return false
    const above = at.lastIndexOf('/node_modules/')
    at = above === -1 ? '' : at.slice(0, above)
  }
}

/**
 * Optional packages for other platforms that the lock file asks for and does not hold, by their path in it.
 *
 * npm leaves them out when the registry at hand does not have them, and `npm ci` then refuses the file, everywhere. With
 * an entry that says where they run, they are skipped where they do not.
 */
export function missingOptional(lock: Lock): Record<string, LockedPackage> {
  const missing: Record<string, LockedPackage> = {}
  for (const [path, { dev, optionalDependencies }] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(optionalDependencies ?? {})) {
      if (isLocked(lock, path, name)) continue
      const platform = platformOf(name)
      if (platform === null) continue
      missing[`node_modules/${name}`] = { version, ...platform, ...(dev === true ? { dev } : {}), optional: true }
    }
  }
  return missing
}
