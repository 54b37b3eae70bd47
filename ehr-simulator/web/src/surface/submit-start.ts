/**
 * Opens a start address in a frame or window by form POST.
 *
 * The address is a one-use secret for this browser: a POST keeps it out of the history, and brings the `Origin` the
 * authorization server asks for. `noreferrer` would turn that into `null` and be refused.
 */
export function submitStart(startUrl: string, target: string): void {
  const form = document.createElement('form')
  form.method = 'post'
  form.action = startUrl
  form.target = target
  if (target === '_blank') form.rel = 'noopener'
  form.hidden = true
  document.body.append(form)
  form.submit()
  form.remove()
}
