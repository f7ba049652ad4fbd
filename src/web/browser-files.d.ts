/** Paths of the browser's build, known once it is built: see `vite.config.ts`. */
declare module 'virtual:browser-files' {
  /** Makes a page alive. */
  export const page: string
  /** Before the first paint: the theme that the reader chose. */
  export const theme: string
  /** What `page` imports at once. */
  export const preloads: readonly string[]
}
