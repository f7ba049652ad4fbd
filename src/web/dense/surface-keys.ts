/** What keys do on a chart. */
export interface SurfaceCommands {
  readonly step: (bins: number) => void
  readonly first: () => void
  readonly last: () => void
  readonly zoom: (factor: number) => void
  readonly whole: () => void
}

const FAR = 10

/** @returns a reader of keys that says whether a key was one of the chart's. */
export function surfaceKeys(commands: SurfaceCommands): (key: string, shift: boolean) => boolean {
  return (key, shift) => {
    switch (key) {
      case 'ArrowLeft':
        commands.step(shift ? -FAR : -1)
        return true
      case 'ArrowRight':
        commands.step(shift ? FAR : 1)
        return true
      case 'Home':
        commands.first()
        return true
      case 'End':
        commands.last()
        return true
      case '+':
      case '=':
        commands.zoom(0.5)
        return true
      case '-':
      case '_':
        commands.zoom(2)
        return true
      case '0':
        commands.whole()
        return true
      default:
        return false
    }
  }
}
