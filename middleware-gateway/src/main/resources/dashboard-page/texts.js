// All words of the page. Both languages have the same keys; DashboardTextsTest compares them.
import {en} from './texts-en.js'
import {pt} from './texts-pt.js'

const LANGUAGES = {en, pt}
const KEPT = 'dashboard-language'

function first() {
  const asked = new URLSearchParams(location.search).get('lang') ?? stored()
  if (asked in LANGUAGES) {
    return asked
  }
  return navigator.languages.map(tag => tag.slice(0, 2)).find(tag => tag in LANGUAGES) ?? 'en'
}

function stored() {
  try {
    return localStorage.getItem(KEPT)
  } catch {
    return null
  }
}

let current = first()

export const language = () => current === 'pt' ? 'pt-BR' : 'en'

export const otherLanguage = () => current === 'pt' ? 'en' : 'pt'

export function setLanguage(tag) {
  current = tag
  try {
    localStorage.setItem(KEPT, tag)
  } catch {
    // not kept, then
  }
}

/** Returns what has this key: a text, or a list of texts. */
export const entry = key => key.split('.').reduce((part, name) => part?.[name], LANGUAGES[current])

/** Returns a text with its {names} filled in; the key itself if there is none. */
export function t(key, values = {}) {
  const found = entry(key)
  return typeof found === 'string' ? found.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all) : key
}
