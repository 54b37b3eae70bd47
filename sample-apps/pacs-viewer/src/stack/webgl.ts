/** The image engine draws with WebGL 2; where that is switched off it shows nothing at all. */
export function webglWorks(): boolean {
  try {
    return document.createElement('canvas').getContext('webgl2') !== null
  } catch {
    return false
  }
}
