import decoder from "three/addons/libs/draco/gltf/draco_decoder.wasm?url";
import wrapper from "three/addons/libs/draco/gltf/draco_wasm_wrapper.js?url";

/** Requests that are sent before the code that uses the answers is loaded. Imports nothing that draws. */

/** The URLs of the Draco decoder. */
export const DRACO = { js: wrapper, wasm: decoder } as const;

const requested = new Map<string, Promise<Response>>();

/** Sends a request now. If it fails, `takePrefetched` rejects later. */
export function prefetch(url: string, init?: RequestInit): Promise<Response> {
  const answer = requested.get(url) ?? fetch(url, init);
  answer.catch(() => {});
  requested.set(url, answer);
  return answer;
}

/** The answer to a request that was sent early. Each answer is given once; otherwise a new request is sent. */
export function takePrefetched(url: string, init?: RequestInit): Promise<Response> {
  const answer = requested.get(url);
  requested.delete(url);
  return answer ?? fetch(url, init);
}
