// The key or token of who looks: kept in the open tabs of this page, and sent in a header of each request. No address ever has it.
const KEPT = 'dashboard-key'
const TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+$/

let current = stored()

function stored() {
  try {
    return sessionStorage.getItem(KEPT)
  } catch {
    return null // none is kept in a worker, nor where a browser keeps nothing
  }
}

export const key = () => current

export function setKey(newer) {
  current = newer
  try {
    sessionStorage.setItem(KEPT, newer)
  } catch {
    // not kept, then
  }
}

/** Returns whether it can be sent at all. */
export const isKey = text => /^[!-~]+$/.test(text)

/** Returns the headers that say who looks. A token has three parts; anything else is an API key. */
export const credentials = (one = current) => !one ? {} : TOKEN.test(one) ? {Authorization: 'Bearer ' + one} : {'x-api-key': one}
