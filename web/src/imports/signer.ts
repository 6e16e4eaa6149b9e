// The name of the person who last signed for warnings here: offered again, never sent by itself.
const remembered = "greenshield.signer";

export function lastSigner(): string {
  try {
    return localStorage.getItem(remembered) ?? "";
  } catch {
    return ""; // a browser that keeps nothing still signs
  }
}

export function rememberSigner(name: string): void {
  try {
    localStorage.setItem(remembered, name);
  } catch {
    // Then it is typed again next time.
  }
}
