// Asks who looks, where a gateway shows the chain to nobody without a key.
import {isKey} from './key.js'
import {set, text} from './dom.js'
import {t} from './texts.js'

/**
 * Calls onKey with what is entered. `ask` shows the form, and says why; `done` hides it, and leads who was there to `next`; `write`
 * writes its words again.
 */
export function startKeyForm(panel, next, onKey) {
  const form = panel.querySelector('form')
  const field = panel.querySelector('input')
  const said = panel.querySelector('.said')
  let why = ''
  const write = () => {
    text(said, why ? t(why) : '')
    set(field, {'aria-invalid': why !== '' && why !== 'keyMissing' ? 'true' : null})
  }
  const say = reason => {
    why = reason
    write()
  }
  form.onsubmit = event => {
    event.preventDefault()
    const entered = field.value.trim()
    if (entered && isKey(entered)) {
      field.value = ''
      say('')
      onKey(entered)
    } else {
      say(entered ? 'keyRefused' : 'keyMissing')
      field.focus()
    }
  }
  return {
    write,
    ask(status, used) {
      const first = panel.hidden
      panel.hidden = false
      say(status === 403 ? 'keyDenied' : used ? 'keyRefused' : 'keyMissing')
      if (first || document.activeElement === document.body) {
        field.focus()
      }
    },
    done() {
      const left = !panel.hidden && panel.contains(document.activeElement)
      panel.hidden = true
      if (left) {
        next.focus()
      }
    }
  }
}
