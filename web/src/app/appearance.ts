// Light or dark: what the reader chose, or what the system says.
import { ref } from "vue";

const remembered = "greenshield.appearance";

export const dark = ref(false);

export function setDark(on: boolean): void {
  dark.value = on;
  document.documentElement.classList.toggle("dark", on);
}

export function chooseDark(on: boolean): void {
  localStorage.setItem(remembered, on ? "dark" : "light");
  setDark(on);
}

export function startAppearance(): void {
  const saved = localStorage.getItem(remembered);
  setDark(saved ? saved === "dark" : matchMedia("(prefers-color-scheme: dark)").matches);
}
