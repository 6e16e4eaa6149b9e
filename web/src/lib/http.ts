// The only place that sends a request. Everything goes to the host that served the page.

export type Query = Record<string, string | number | boolean | undefined>;

interface ProblemDocument {
  code?: string;
  title?: string;
  status?: number;
  detail?: string;
  args?: Record<string, unknown>;
  at?: unknown;
}

/** A request that did not do what was asked, in the server's words where it had any. */
export class Failure extends Error {
  readonly code: string;
  readonly status: number;
  readonly detail: string;
  readonly args: Record<string, unknown>;

  constructor(status: number, problem: ProblemDocument) {
    super(problem.title ?? problem.code ?? `HTTP ${status}`);
    this.code = problem.code ?? (status === 0 ? "web.unreachable" : "web.unexpected");
    this.status = status;
    this.detail = problem.detail ?? "";
    this.args = problem.args ?? {};
  }
}

/** Turns whatever was thrown into a Failure, so that a screen has one thing to show. */
export function asFailure(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown;
  return new Failure(0, { detail: thrown instanceof Error ? thrown.message : String(thrown) });
}

let language = "zh-CN";

/** Sets the language that the server is asked to answer in. */
export function speak(lang: string): void {
  language = lang;
}

/** Builds an address under the own host; undefined and empty parameters are left out. */
export function address(path: string, query: Query = {}): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined && value !== "") params.set(key, String(value));
  }
  const tail = params.toString();
  return tail === "" ? path : `${path}?${tail}`;
}

/** The address of a document to download, in the language of the screen. */
export function download(path: string, query: Query = {}): string {
  return address(path, { ...query, lang: language });
}

export async function get<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
  return answer<T>(fetch(address(path, query), { headers: headers(), signal: signal ?? null }), signal);
}

export async function post<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  const sent = fetch(path, {
    method: "POST",
    headers: { ...headers(), "Content-Type": "application/json" },
    body: JSON.stringify(body ?? {}),
    signal: signal ?? null,
  });
  return answer<T>(sent, signal);
}

export async function remove(path: string): Promise<void> {
  await answer<unknown>(fetch(path, { method: "DELETE", headers: headers() }));
}

/** Sends a form with files and reports how much of it has left, 0 to 1. */
export function upload<T>(path: string, form: FormData, onSent: (part: number) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
    for (const [name, value] of Object.entries(headers())) request.setRequestHeader(name, value);
    request.upload.onprogress = (e) => onSent(e.lengthComputable ? e.loaded / e.total : 0);
    request.onerror = () => reject(new Failure(0, {}));
    request.onload = () => {
      const body = parse(request.responseText);
      if (request.status >= 200 && request.status < 300) resolve(body as T);
      else reject(new Failure(request.status, (body ?? {}) as ProblemDocument));
    };
    request.send(form);
  });
}

function headers(): Record<string, string> {
  return {
    Accept: "application/json, application/geo+json, application/problem+json",
    "Accept-Language": language,
  };
}

async function answer<T>(sent: Promise<Response>, signal?: AbortSignal): Promise<T> {
  let response: Response;
  let text: string;
  try {
    response = await sent;
    text = await response.text();
  } catch (thrown) {
    if (signal?.aborted) throw thrown;
    throw new Failure(0, {});
  }
  const body = parse(text);
  if (!response.ok) throw new Failure(response.status, (body ?? {}) as ProblemDocument);
  return body as T;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
