/** The one password of the demo world; the README names it. */
export const DEMO_PASSWORD = 'uthopp-demo'
