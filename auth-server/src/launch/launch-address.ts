/**
 * The app's launch address with `iss` and the handle appended (SMART App Launch 2.2.0, "EHR launch").
 * Appended as text: the registered query stays byte for byte what the app registered (SAL-37).
 */
export const launchAddress = (launchUri: string, iss: string, handle: string): string =>
  `${launchUri}${launchUri.includes('?') ? '&' : '?'}iss=${encodeURIComponent(iss)}&launch=${encodeURIComponent(handle)}`
