/**
 * Requests to the board. `realtime.fetch` names the tab that asks, so that it
 * hears no echo of what it changed itself.
 *
 * @throws {Error} with the server's words and the HTTP `status`
 */
async function request (method, path, body) {
  const response = await window.realtime.fetch(`/api${path}`, {
    method,
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  })
  if (response.status === 204) return null
  const answer = await response.json()
  if (!response.ok) throw Object.assign(new Error(answer.message), { status: response.status })
  return answer
}

export const get = (path) => request('GET', path)
export const post = (path, body) => request('POST', path, body)
export const put = (path, body) => request('PUT', path, body)
export const patch = (path, body) => request('PATCH', path, body)
export const remove = (path) => request('DELETE', path)
