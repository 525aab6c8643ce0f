// Makes a server fail on purpose, where its settings allow that.
import {el, set, text} from './dom.js'
import {credentials} from './key.js'
import {t} from './texts.js'

const MODES = {
  none: 'none', slow: 'slow=200ms', flaky: 'flaky=30', unavailable: 'unavailable', internal: 'internal', hang: 'hang', busy: 'busy=4x50ms'
}

export function faults(instance) {
  const said = el('p', {class: 'said', role: 'status'})
  const put = async name => {
    text(said, '')
    text(said, await order(instance, MODES[name]) ?? t('card.faultSet', {mode: t('fault.' + name)}))
  }
  const buttons = el('div', {class: 'modes', role: 'group', 'aria-label': t('card.faultsOf', {id: instance.id})}, Object.keys(MODES).map(name =>
    el('button', {type: 'button', onclick: () => put(name)}, t('fault.' + name))))
  const control = el('details', {class: 'faults', hidden: true}, el('summary', {}, t('card.faults')), buttons, said)
  control.update = newer => set(control, {hidden: !newer.faults || newer.state === 'gone'})
  return control
}

/** Returns why it was not done; null if it was. */
async function order({service, host, port}, mode) {
  try {
    const response = await fetch('faults', {
      method: 'POST',
      headers: {'Content-Type': 'application/json', ...credentials()},
      body: JSON.stringify({service, host, port, mode})
    })
    return response.ok ? null : t('card.faultRefused', {reason: (await response.json()).detail ?? response.status})
  } catch (failure) {
    return t('card.faultRefused', {reason: failure.message})
  }
}
