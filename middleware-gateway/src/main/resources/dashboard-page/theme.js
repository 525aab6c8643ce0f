// Light or dark: as the system is, until the button is used.
import {text} from './dom.js'
import {t} from './texts.js'

const KEPT = 'dashboard-theme'

export function startTheme(button) {
  const system = matchMedia('(prefers-color-scheme: dark)')
  let chosen = null
  try {
    chosen = localStorage.getItem(KEPT)
  } catch {
    // not kept, then
  }
  const isDark = () => chosen ? chosen === 'dark' : system.matches
  const write = () => {
    document.documentElement.dataset.theme = isDark() ? 'dark' : 'light'
    text(button, t(isDark() ? 'themeLight' : 'themeDark'))
  }
  button.onclick = () => {
    chosen = isDark() ? 'light' : 'dark'
    try {
      localStorage.setItem(KEPT, chosen)
    } catch {
      // not kept, then
    }
    write()
  }
  system.addEventListener('change', write)
  return {write}
}
